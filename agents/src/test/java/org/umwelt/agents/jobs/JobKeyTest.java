package org.umwelt.agents.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobKeyTest {
  private static final Job JOB = new Job("random", "umwelt/Catch-v0", 1, 0, 2);

  @TempDir private Path folder;

  @Test
  void theKeyIsTheHashOfItsParts() {
    // printf 'umwelt job 1\n6 random\n0 \n15 umwelt/Catch-v0\n0 \n1 1\n1 0\n1 2\n4 code\n' |
    // sha256sum
    assertThat(JobKey.of(JOB, "", "", "code").hex()).isEqualTo("ca05bec4cb500ea8ab762be96586100b");
  }

  @Test
  void everyPartChangesTheKey() {
    Set<JobKey> keys =
        Stream.of(
                JobKey.of(JOB, "", "", "code"),
                JobKey.of(JOB, "a", "", "code"),
                JobKey.of(JOB, "", "a", "code"),
                JobKey.of(JOB, "", "", "codes"),
                JobKey.of(new Job("noop", "umwelt/Catch-v0", 1, 0, 2), "", "", "code"),
                JobKey.of(new Job("random", "umwelt/Dodge-v0", 1, 0, 2), "", "", "code"),
                JobKey.of(new Job("random", "umwelt/Catch-v0", 2, 0, 2), "", "", "code"),
                JobKey.of(new Job("random", "umwelt/Catch-v0", 1, 1, 2), "", "", "code"),
                JobKey.of(new Job("random", "umwelt/Catch-v0", 1, 0, 3), "", "", "code"))
            .collect(Collectors.toSet());
    assertThat(keys).hasSize(9);
  }

  private Path classes(String name, List<String> files) throws IOException {
    Path root = folder.resolve(name);
    for (String file : files) {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "content of " + file);
    }
    return root;
  }

  private static String version(Path... entries) {
    return CodeVersion.of(Stream.of(entries).map(Path::toString).collect(Collectors.joining(":")))
        .digest();
  }

  @Test
  void aJarHasTheVersionOfTheFolderItWasMadeOf() throws IOException {
    List<String> files = List.of("org/umwelt/envs/A.class", "org/umwelt/kernels/b.txt");
    Path root = classes("classes", files);
    Path jar = folder.resolve("umwelt-envs-1.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      for (String file : files) {
        zip.putNextEntry(new ZipEntry(file));
        Files.copy(root.resolve(file), zip);
      }
    }
    assertThat(version(jar)).isEqualTo(version(root));
  }

  @Test
  void whatPlaysChangesTheVersionAndWhatShowsDoesNot() throws IOException {
    Path root = classes("classes", List.of("org/umwelt/envs/A.class"));
    String before = version(root);
    classes("classes", List.of("org/umwelt/viewer/V.class", "org/umwelt/agents/cluster/S.class"));
    assertThat(version(root, Path.of("spark-core_2.13-4.2.0.jar"))).isEqualTo(before);
    assertThat(version(root, Path.of("pytorch-2.13.0-1.5.14.jar"))).isNotEqualTo(before);
    Files.writeString(root.resolve("org/umwelt/envs/A.class"), "changed");
    assertThat(version(root)).isNotEqualTo(before);
  }
}
