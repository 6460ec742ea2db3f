package org.umwelt.viewer.samples;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import org.umwelt.agents.phi4.Phi4Sampler;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** What the phi^4 lattice is asked for, as controls. */
final class Phi4Controls {
  static final int MOST_CHAINS = 64;
  static final String OWNER = "room " + SamplesRoomProvider.NAME;

  /** What a first-time user sees: two phases side by side, close to the critical point. */
  private static final Map<String, String> FIRST =
      Map.of("size", "64", "m2", "-4", "lambda", "4.25", "chains", "4");

  /** Couplings of each convention, with the numbers of one and the same action. */
  private static final Map<String, Map<String, String>> COUPLINGS =
      Map.of(
          "mass", couplings("m2", "-4", "lambda", "4.25"),
          "kappa", couplings("kappa", "0.343", "lambda", "0.5"),
          "textbook", couplings("m2", "-4", "g", "25.5"));

  private static final Map<String, String> SYMBOLS =
      Map.of("m2", "m\u00b2", "lambda", "\u03bb", "kappa", "\u03ba", "g", "g");
  private static final List<String> SAMPLERS =
      List.of(
          "wolff+metropolis",
          "metropolis",
          "heatbath",
          "heatbath+overrelaxation",
          "hmc",
          "hmc-fourier",
          "leapfrog",
          "swendsen-wang+metropolis");

  private final Runnable changed;
  private final TextField size = field("size", 5);
  private final Spinner<Integer> dimensions = new Spinner<>(1, 4, 2);
  private final ComboBox<String> convention = new ComboBox<>();
  private final Label firstName = new Label();
  private final TextField first = field("coupling-1", 5);
  private final Label secondName = new Label();
  private final TextField second = field("coupling-2", 5);
  private final ComboBox<String> sampler = new ComboBox<>();
  private final Spinner<Integer> chains = new Spinner<>(1, MOST_CHAINS, 4);
  private final TextField seed = field("seed", 4);
  private Map<String, String> others = Map.of(); // of the command line, without a control
  private boolean held;

  /**
   * Creates the controls, with what is shown first.
   *
   * @param changed is told of every change
   */
  Phi4Controls(Runnable changed) {
    this.changed = changed;
    size.setTooltip(new Tooltip("Sites in each dimension, or of each as in 64x32; then Enter"));
    dimensions.setId("dimensions");
    dimensions.setPrefWidth(66);
    convention.setId("convention");
    convention.getItems().setAll("mass", "kappa", "textbook");
    convention.setTooltip(new Tooltip(setting("convention").description()));
    sampler.setId("sampler");
    sampler.setEditable(true);
    sampler.setPrefWidth(190);
    sampler.getItems().setAll(SAMPLERS);
    sampler.setTooltip(new Tooltip(setting("sampler").description()));
    chains.setId("chains");
    chains.setEditable(true);
    chains.setPrefWidth(76);
    show(new Settings(OWNER, settings(), Map.of()));
    convention.valueProperty().addListener((_, _, chosen) -> showCouplings(chosen));
    dimensions.valueProperty().addListener((_, _, _) -> tell());
    sampler.setOnAction(_ -> tell());
    chains.valueProperty().addListener((_, _, _) -> tell());
  }

  private TextField field(String id, int columns) {
    TextField field = new TextField();
    field.setId(id);
    field.setPrefColumnCount(columns);
    field.setOnAction(_ -> tell());
    return field;
  }

  private static Map<String, String> couplings(String a, String atA, String b, String atB) {
    Map<String, String> both = new LinkedHashMap<>();
    both.put(a, atA);
    both.put(b, atB);
    return both;
  }

  private static Setting setting(String name) {
    return settings().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** Returns the settings of the command line. */
  static List<Setting> settings() {
    return Phi4Sampler.settings().stream()
        .map(each -> {
          Setting own = each.withDefault(FIRST.getOrDefault(each.name(), each.defaultValue()));
          return each.name().equals("chains")
              ? Setting.integer(
                  "chains", Long.parseLong(own.defaultValue()), 1, MOST_CHAINS, each.description())
              : own;
        })
        .toList();
  }

  /** Returns the nodes, for a row that wraps. */
  List<Node> nodes() {
    return List.of(
        labelled(new Label("Size"), size),
        labelled(new Label("Dimensions"), dimensions),
        labelled(new Label("Couplings"), convention),
        labelled(firstName, first),
        labelled(secondName, second),
        labelled(new Label("Sampler"), sampler),
        labelled(new Label("Chains"), chains),
        labelled(new Label("Seed"), seed));
  }

  static Node labelled(Label label, Control control) {
    label.setLabelFor(control);
    label.setMinWidth(Label.USE_PREF_SIZE);
    HBox box = new HBox(6, label, control);
    box.setAlignment(Pos.CENTER_LEFT);
    return box;
  }

  private void tell() {
    if (!held) {
      changed.run();
    }
  }

  /** Shows settings, without telling of it. */
  void show(Settings settings) {
    held = true;
    size.setText(settings.text("size"));
    dimensions.getValueFactory().setValue(settings.intValue("dim"));
    convention.setValue(settings.text("convention"));
    name(settings.text("convention"));
    List<String> names = names();
    first.setText(settings.text(names.getFirst()));
    second.setText(settings.text(names.getLast()));
    sampler.setValue(settings.text("sampler"));
    chains.getValueFactory().setValue(settings.intValue("chains"));
    seed.setText(settings.text("seed"));
    Map<String, String> rest = new LinkedHashMap<>(settings.given());
    rest.keySet().retainAll(List.of("measure", "burn_in", "threads", "backend"));
    others = rest;
    held = false;
  }

  /** Shows what a run was made with, as far as chains like it could be watched. */
  void showRun(Map<String, String> asked) {
    Map<String, String> known = new LinkedHashMap<>(asked);
    known.keySet().retainAll(settings().stream().map(Setting::name).toList());
    known.computeIfPresent(
        "chains", (_, count) -> Integer.toString(Math.min(MOST_CHAINS, Integer.parseInt(count))));
    if (!known.isEmpty()) {
      known.remove("burn_in"); // of a run, a share of its sweeps
      show(new Settings(OWNER, settings(), known));
    }
  }

  private void showCouplings(String chosen) {
    name(chosen);
    if (!held) {
      List<String> numbers = List.copyOf(couplingsOf(chosen).values());
      first.setText(numbers.getFirst());
      second.setText(numbers.getLast());
      tell();
    }
  }

  private void name(String chosen) {
    List<String> names = List.copyOf(couplingsOf(chosen).keySet());
    firstName.setText(SYMBOLS.get(names.getFirst()));
    secondName.setText(SYMBOLS.get(names.getLast()));
  }

  private static Map<String, String> couplingsOf(String chosen) {
    return COUPLINGS.getOrDefault(chosen, Map.of());
  }

  private List<String> names() {
    return List.copyOf(couplingsOf(convention.getValue()).keySet());
  }

  /** Returns what the controls ask for. */
  Map<String, String> asked() {
    Map<String, String> asked = new LinkedHashMap<>(others);
    asked.put("size", size.getText().strip());
    if (!size.getText().contains("x")) {
      asked.put("dim", Integer.toString(dimensions.getValue()));
    }
    asked.put("convention", convention.getValue());
    asked.put(names().getFirst(), first.getText().strip());
    asked.put(names().getLast(), second.getText().strip());
    asked.put("sampler", String.valueOf(sampler.getValue()).strip());
    asked.put("chains", Integer.toString(chains.getValue()));
    asked.put("seed", seed.getText().strip());
    return asked;
  }
}
