package org.umwelt.agents.onnx;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.AgentEntry;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.AgentProvider;
import org.umwelt.agents.policies.Temperature;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.kernels.onnx.OnnxModel;
import org.umwelt.kernels.onnx.OnnxSession.Device;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** Policies in ONNX files, by file or by {@code onnx:FILE} with a temperature and a device. */
public final class OnnxAgents implements AgentProvider {
  private static final String NAME = "onnx";
  private static final String ENDING = ".onnx";
  private static final Setting COMPUTE =
      Setting.choice(
          "compute", "cpu", List.of("cpu", "cuda"), "Device; cuda needs a build with mvn -Pcuda.");

  @Override
  public List<AgentEntry> entries() {
    return List.of(
        new AgentEntry(
            NAME,
            "FILE[?temperature=T]",
            "a policy in an ONNX file, ours (umwelt export) or anybody's; FILE alone will do"
                + " (the file's temperature)",
            OnnxAgents::named));
  }

  private static AgentFactory named(String argument) {
    String asked = "agent " + NAME + ":" + argument;
    EnvironmentId parsed = EnvironmentId.parse(argument); // FILE?key=value, as environments have it
    Policy policy = Policy.of(OnnxModel.read(path(parsed.name(), asked)));
    Settings settings =
        new Settings(
            asked, List.of(Temperature.setting(policy.temperature()), COMPUTE), parsed.arguments());
    return new OnnxAgentFactory(
        policy,
        Temperature.of(settings, asked),
        Device.valueOf(settings.text(COMPUTE.name()).toUpperCase(Locale.ROOT)));
  }

  private static Path path(String text, String asked) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadRequestException(
          "%s: expected the path of an ONNX file, got \"%s\"".formatted(asked, text), e);
    }
  }

  @Override
  public @Nullable AgentFactory open(Path file) {
    if (!Files.isRegularFile(file) || !file.toString().endsWith(ENDING)) {
      return null;
    }
    Policy policy = Policy.of(OnnxModel.read(file));
    return new OnnxAgentFactory(policy, policy.temperature(), Device.CPU);
  }
}
