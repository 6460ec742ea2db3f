package org.umwelt.agents.language;

import java.nio.file.Path;
import java.util.List;
import org.umwelt.kernels.nn.OneCycleRate;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.worldmodel.language.AttentionMethod;
import org.umwelt.worldmodel.language.ByteFile;
import org.umwelt.worldmodel.language.Corpus;
import org.umwelt.worldmodel.language.LanguageModelConfig;
import org.umwelt.worldmodel.language.RecallTask;

/**
 * Everything the training of a language model is a function of.
 *
 * @param data {@code recall} or a file
 * @param seed of weights, sequences and what attention draws
 * @param compute device and precision
 * @param threads workers; results depend on their number in the last digits
 * @param batch sequences per update
 * @param rowsPerPass sequences a worker computes at once
 * @param length tokens in a sequence (T)
 * @param layers of the model
 * @param heads per layer
 * @param width of a token's vector
 * @param attention what layers attend with
 * @param buckets of hashed attention
 * @param drop share that dropping attention drops
 * @param checkpointing whether blocks are computed again in the backward pass
 * @param epochs how many in all
 * @param updates per epoch
 * @param learningRate at its peak
 * @param weightDecay of the linear layers
 * @param heldOut sequences the model is tested on behind every epoch
 */
record LanguageConfig(
    String data,
    long seed,
    String compute,
    int threads,
    int batch,
    int rowsPerPass,
    int length,
    int layers,
    int heads,
    int width,
    AttentionMethod attention,
    int buckets,
    double drop,
    boolean checkpointing,
    int epochs,
    int updates,
    double learningRate,
    double weightDecay,
    int heldOut) {
  private static final int LONGEST = 16_384;
  private static final int MANY = 1_000_000;
  private static final String RECALL = "recall";

  /** Share of the peak rate at the start, at the end, and of the steps that lead up to it. */
  private static final double START = 0.01;

  private static final double END = 0.2;
  private static final double WARM_UP = 0.02;

  /** Declares every setting. */
  static List<Setting> settings() {
    return List.of(
        Setting.text(
            "data",
            RECALL,
            "What is learned: recall, which is made as it goes, or a file, byte by byte."),
        Setting.choice(
            "attention",
            AttentionMethod.HASH.word(),
            AttentionMethod.words(),
            "Dense, in hash buckets, with queries and keys dropped, or LibTorch's dense one."),
        Setting.integer("buckets", 16, 2, 1024, "Of attention=hash, an even number."),
        Setting.number("drop", 0.5, 0, 1, "Share of queries and of keys attention=drop drops."),
        Setting.integer("length", 512, 2, LONGEST, "Tokens in a sequence."),
        Setting.integer("batch", 16, 1, MANY, "Sequences per update."),
        Setting.integer("rows_per_pass", 4, 1, MANY, "Sequences a worker computes at once."),
        Setting.integer("layers", 2, 1, 1000, "Layers of the model."),
        Setting.integer("heads", 4, 1, 1000, "Attention heads per layer."),
        Setting.integer("width", 64, 1, 65_536, "Size of a token's vector."),
        Setting.bool(
            "checkpoint",
            false,
            "Compute blocks again in the backward pass: less memory, a third more time."),
        Setting.integer("epochs", 20, 1, MANY, "Epochs in all."),
        Setting.integer("updates", 50, 1, MANY, "Updates per epoch."),
        Setting.number(
            "learning_rate",
            3e-3,
            0,
            1,
            "At its peak, after 2 % of the updates; from a hundredth, to a fifth."),
        Setting.number("weight_decay", 0.1, 0, 1, "Of the linear layers."),
        Setting.integer("held_out", 32, 1, MANY, "Sequences of the test behind every epoch."),
        Setting.integer("seed", 0, 0, Integer.MAX_VALUE, "Of everything random."),
        Compute.setting(),
        Setting.integer(
            "threads", 2, 1, 256, "Workers; the last digits of results depend on their number."));
  }

  /** Reads a configuration. */
  static LanguageConfig of(Settings s) {
    return new LanguageConfig(
        s.text("data"),
        s.integer("seed"),
        s.text("compute"),
        s.intValue("threads"),
        s.intValue("batch"),
        s.intValue("rows_per_pass"),
        s.intValue("length"),
        s.intValue("layers"),
        s.intValue("heads"),
        s.intValue("width"),
        AttentionMethod.of(s.text("attention")),
        s.intValue("buckets"),
        s.number("drop"),
        s.bool("checkpoint"),
        s.intValue("epochs"),
        s.intValue("updates"),
        s.number("learning_rate"),
        s.number("weight_decay"),
        s.intValue("held_out"));
  }

  /** Returns what the model is built from. */
  LanguageModelConfig model(int vocabulary) {
    return new LanguageModelConfig(
        vocabulary, length, layers, heads, width, attention, buckets, drop, checkpointing);
  }

  /** Opens what is learned from. */
  Corpus open() {
    return data.equals(RECALL)
        ? new RecallTask(length, seed)
        : new ByteFile(Path.of(data), length, seed);
  }

  /** Returns the learning rate over the whole training. */
  OneCycleRate rate() {
    return new OneCycleRate(learningRate, START, END, WARM_UP, (long) epochs * updates);
  }

  /** Returns the attention in words. */
  String attentionText() {
    return switch (attention) {
      case HASH -> "hash, %d buckets".formatted(buckets);
      case DROP -> "drop, %s of queries and of keys".formatted(drop);
      case DENSE, LIBTORCH -> attention.word();
    };
  }
}
