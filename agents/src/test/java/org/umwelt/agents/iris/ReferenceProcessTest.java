package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.iris.ReferenceProcess.Cost;
import org.umwelt.kernels.settings.BadRequestException;

class ReferenceProcessTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

  @TempDir private Path folder;

  @Test
  void checkoutWithoutTheReferenceIsRefused() {
    assertThatThrownBy(() -> ReferenceProcess.start("python3", folder, 1, NOTHING))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(
            "expected a checkout of the reference, found no %s in %s; make one with git clone https://github.com/eloialonso/iris",
            Path.of("src", "models", "world_model.py"), folder);
  }

  @Test
  void absentPythonIsNamed() throws IOException {
    Path checkout = checkout();
    assertThatThrownBy(() -> ReferenceProcess.start("no-such-python", checkout, 1, NOTHING))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(
            "expected a Python with torch, numpy and einops, found no program no-such-python; set UMWELT_PYTHON to one");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void missingPackageIsToldByTheLastLineOfItsStderr() throws IOException {
    Path checkout = checkout();
    String python =
        python("echo Traceback >&2; echo \"No module named 'torch'\" >&2; echo >&2; exit 1");
    assertThatThrownBy(() -> ReferenceProcess.start(python, checkout, 1, NOTHING))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("found %s (No module named 'torch'); set UMWELT_PYTHON", python);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void costsAreThoseItAnswers() throws IOException {
    // $4 and $5 are the threads and the configuration.
    String python =
        python(
            "echo ready 2.13 $4 $5 $OMP_WAIT_POLICY",
            "read first; echo '{\"cpu\": 2.5, \"wall\": 1.25}'",
            "read second; echo \"{\\\"cpu\\\": ${#second}, \\\"wall\\\": 0.5}\"");
    try (ReferenceProcess reference = ReferenceProcess.start(python, checkout(), 3, NOTHING)) {
      assertThat(reference.version()).isEqualTo("2.13 3 {} PASSIVE");
      assertThat(reference.run("tokenizer")).isEqualTo(new Cost(2.5, 1.25));
      assertThat(reference.run("world_model")).isEqualTo(new Cost(11, 0.5));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void endDuringAnUpdateIsToldByTheLastLineOfItsStderr() throws IOException {
    String python =
        python("echo ready 2.13; read what; echo 'RuntimeError: no memory' >&2; exit 1");
    try (ReferenceProcess reference = ReferenceProcess.start(python, checkout(), 1, NOTHING)) {
      String message =
          "expected the seconds of the reference's tokenizer, found that it ended (RuntimeError: no memory); a smaller batch may fit";
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> reference.run("tokenizer"))
            .isInstanceOf(BadRequestException.class)
            .hasMessage(message);
      }
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void endWithoutAWordIsToldByItsExitStatus() throws IOException {
    String python = python("echo ready 2.13; read what; kill -9 $$");
    try (ReferenceProcess reference = ReferenceProcess.start(python, checkout(), 1, NOTHING)) {
      assertThatThrownBy(() -> reference.run("actor_critic"))
          .hasMessageContaining("(exit status 137)");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void answerWithoutSecondsIsRefused() throws IOException {
    String python = python("echo ready 2.13; read what; echo '{\"cpu\": 1}'; read end");
    try (ReferenceProcess reference = ReferenceProcess.start(python, checkout(), 1, NOTHING)) {
      assertThatThrownBy(() -> reference.run("tokenizer"))
          .isInstanceOf(BadRequestException.class)
          .hasMessageEndingWith("as JSON, found {\"cpu\": 1}");
    }
  }

  @Test
  @Tag("python")
  void referenceRunsEveryUpdate() throws IOException {
    String checkout = System.getenv("UMWELT_IRIS_REFERENCE");
    Assumptions.assumeTrue(
        checkout != null, "needs a checkout of eloialonso/iris, named by UMWELT_IRIS_REFERENCE");
    JsonNode config =
        new ObjectMapper()
            .readTree(
                """
                {"actions": 4, "learning_rate": 1e-4, "max_gradient_norm": 10,
                 "tokenizer": {"channels": 32, "multipliers": [1, 1, 1, 1, 1], "residual_blocks": 1,
                               "attention_resolutions": [8], "latent_channels": 32, "vocabulary": 64,
                               "embedding": 32, "perceptual": false, "batch": 2},
                 "world_model": {"layers": 1, "heads": 2, "width": 32, "max_blocks": 4, "dropout": 0.1,
                                 "weight_decay": 0.01, "batch": 2, "steps": 3},
                 "actor_critic": {"batch": 2, "burn_in": 2, "horizon": 4, "gamma": 0.995,
                                  "lambda": 0.95, "entropy_weight": 0.001}}
                """);
    try (ReferenceProcess reference = ReferenceProcess.start(Path.of(checkout), 1, config)) {
      for (int round = 0; round < 3; round++) {
        for (String what : List.of("tokenizer", "world_model", "imagined_step", "actor_critic")) {
          Cost cost = reference.run(what);
          assertThat(cost.cpuSeconds()).as(what).isPositive();
          assertThat(cost.wallSeconds()).as(what).isPositive();
        }
      }
      assertThatThrownBy(() -> reference.run("policy")).hasMessageContaining("got policy");
    }
  }

  /** Makes a folder that looks like a checkout. */
  private Path checkout() throws IOException {
    Path models = Files.createDirectories(folder.resolve("iris/src/models"));
    Files.writeString(models.resolve("world_model.py"), "");
    return folder.resolve("iris");
  }

  /** Makes a program that stands in for Python. */
  private String python(String... lines) throws IOException {
    Path program = folder.resolve("python");
    Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program.toString();
  }
}
