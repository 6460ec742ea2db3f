package org.umwelt.kernels.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.backend.Backends;

/** Kernels are free of what devices refuse, or compile wrongly without a word. */
class KernelSourcesTest {
  private static final Path SOURCES = Path.of("src/main/java");

  /** A construct, what finds it, and what to write in its place. */
  private record Rule(Pattern found, String instead) {
    static Rule of(String regex, String instead) {
      return new Rule(Pattern.compile(regex), instead);
    }
  }

  private static final String OPENCL =
      "half|step|smoothstep|mix|sign|select|clamp|length|distance|cross|dot|normalize|degrees|radians|barrier|kernel|global|local|constant|event|sampler|bitselect|shuffle|round|floor|ceil|rint|trunc|remainder|mad|fma|log|exp|pow|sqrt|hypot|vload2|vstore2|image|pipe|queue";

  private static final List<Rule> RULES =
      List.of(
          Rule.of(
              "^import (?!org\\.umwelt\\.kernels\\.(api|\\w+\\.device)\\.)[^;]*",
              "kernels import org.umwelt.kernels.api alone"),
          Rule.of(
              "\\b(java|org|com|uk)\\.(?!umwelt\\.kernels\\.)",
              "kernels import org.umwelt.kernels.api alone"),
          Rule.of("(?<!>)>>(?!>)", "a mask: >> of negative numbers is compiled wrongly"),
          Rule.of("%", "subtraction: % of negative or float numbers is compiled wrongly"),
          Rule.of(">>>(?! 32\\))", "only (int) (x >>> 32) of a long is compiled rightly"),
          Rule.of("(?<!\\(int\\) )\\(\\w+ >>> 32\\)", "only (int) (x >>> 32) is compiled rightly"),
          Rule.of("\\bbreak\\b", "a condition of the loop"),
          Rule.of("\\bcontinue\\s+\\w", "a loop without a label"),
          Rule.of("^\\s*\\w+:\\s*((for|while|do)\\b.*)?$", "a loop without a label"),
          Rule.of(
              "\\bMath\\.(?!(min|max|exp|log|sqrt|sin|cos|tanh|pow)\\()\\w+",
              "what devices have: FloatMath, or these of double precision"),
          Rule.of("\\b(StrictMath|Float|Double|Integer|Long|Character)\\.\\w+", "plain arithmetic"),
          Rule.of("\\b(INFINITY|NaN)\\b|POSITIVE_|NEGATIVE_", "a large finite number"),
          Rule.of("@Parallel int \\w+ = (?!0;)", "a parallel loop from 0, and an offset inside"),
          Rule.of("@Parallel[^;]*;[^;]*;(?! \\w+\\+\\+\\))", "a parallel loop in steps of 1"),
          Rule.of("\\b(try|throw|synchronized|switch|assert)\\b", "no exceptions, no locks"),
          Rule.of("\\bnew (?!float\\[|int\\[|double\\[|long\\[)\\w+", "arrays of numbers only"),
          Rule.of(
              "\\bpublic static void (%s)\\(".formatted(OPENCL),
              "a name that is no word of OpenCL, whose kernel would not be found"),
          Rule.of("\\bstatic final \\w+\\[\\]", "no tables: devices do not have them"));

  private static boolean inDevice(Path path) {
    Path folder = path.getParent();
    return folder != null && folder.endsWith("device");
  }

  static Stream<Path> kernels() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(SOURCES)) {
      all.filter(path -> path.toString().endsWith("Kernel.java"))
          .filter(KernelSourcesTest::inDevice)
          .forEach(found::add);
    }
    return found.stream().sorted();
  }

  /** Blanks comments and strings, line by line. */
  private static String code(String source) {
    Matcher comments = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*|\"[^\"\n]*\"").matcher(source);
    return comments.replaceAll(match -> match.group().replaceAll("[^\n]", ""));
  }

  private static List<String> findings(String source) {
    List<String> findings = new ArrayList<>();
    String[] lines = code(source).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      for (Rule rule : RULES) {
        Matcher matcher = rule.found.matcher(lines[i]);
        if (matcher.find()) {
          findings.add(
              "line %d: found '%s', expected %s".formatted(i + 1, matcher.group(), rule.instead));
        }
      }
    }
    for (String method : code(source).split("\n(?=  (public|private|static)\\b)", -1)) {
      if (Pattern.compile("\\breturn\\b").matcher(method).results().count() > 1) {
        findings.add("found several returns, expected one at the end of a helper");
      }
    }
    return findings;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sourcesKeepTheRules(Path kernel) throws IOException {
    assertThat(findings(Files.readString(kernel))).as(kernel.toString()).isEmpty();
  }

  @Test
  void nothingElseStandsBesideThem() throws IOException {
    try (Stream<Path> all = Files.walk(SOURCES)) {
      assertThat(all.filter(KernelSourcesTest::inDevice))
          .allMatch(path -> path.toString().matches(".*(Kernel|package-info)\\.java"));
    }
  }

  @Test
  void everyKernelIsListed() throws IOException {
    assertThat(Backends.kernels().stream().map(k -> k.method().getDeclaringClass().getSimpleName()))
        .containsExactlyInAnyOrderElementsOf(
            kernels().map(path -> path.getFileName().toString().replace(".java", "")).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import java.util.List;",
        "int y = x >>> 3;",
        "long y = (x >>> 32);",
        "int y = (int) (x >>> 31);",
        "if (a) { break; }",
        "outer: for (int i = 0; i < n; i++) {",
        "continue outer;",
        "float y = Math.abs(x);",
        "double y = Math.cbrt(x);",
        "int y = Integer.rotateLeft(x, 3);",
        "float y = Float.NEGATIVE_INFINITY;",
        "for (@Parallel int i = 1; i < n; i++) {",
        "for (@Parallel int i = lo; i < hi; i++) {",
        "for (@Parallel int i = 0; i < n; i += 2) {",
        "try { x(); } finally { y(); }",
        "Object x = new Object();",
        "private static final int[] TABLE = {1, 2};",
        "  private static int f(int x) {\n    if (x > 0) {\n      return 1;\n    }\n    return 2;\n  }",
        "int y = x >> 3;",
        "float y = x % 2;",
        "public static void step(",
        "outer:",
        "double y = java.lang.Math.exp(x);"
      })
  void whatIsCompiledWronglyIsFound(String line) {
    assertThat(findings(line)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import org.umwelt.kernels.api.Parallel;",
        "// int y = x >>> 3; break",
        "int high = (int) (x >>> 32) ^ 3;",
        "for (@Parallel int g = 0; g < hi - lo; g++) {",
        "int y = Math.min(a, Math.max(b, c));",
        "double y = Math.exp(x);",
        "float[] x = new float[size];",
        "  private static int f() {\n    return 1;\n  }\n\n  private static int g() {\n    return 2;\n  }"
      })
  void whatIsCompiledRightlyIsLeftAlone(String line) {
    assertThat(findings(line)).isEmpty();
  }
}
