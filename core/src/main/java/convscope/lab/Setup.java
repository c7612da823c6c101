package convscope.lab;

import convscope.data.DataSet;
import convscope.net.Network;
import convscope.net.text.PyTorch;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.QueryString;
import convscope.param.Schema;
import convscope.param.Values;
import convscope.train.Adam;
import convscope.train.AdamW;
import convscope.train.Augmentation;
import convscope.train.Clip;
import convscope.train.Initialization;
import convscope.train.Optimizer;
import convscope.train.RmsProp;
import convscope.train.Run;
import convscope.train.Schedule;
import convscope.train.Sgd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a reader has chosen: data, network and settings, as the form and the link hold them.
 *
 * @param values the settings of {@link #SCHEMA}
 * @param text the reader's own network, used where the network is {@code own}
 */
record Setup(Values values, String text) {
  /** Where the reader's own network stands in the link. */
  static final String TEXT = "text";

  /** Classes of a reader's own data at most. */
  static final int MOST_CLASSES = 6;

  private static final double MOMENTUM = 0.9;
  private static final int STEPS_DOWN = 3; // of the schedule in steps, over the whole run

  /** The form. */
  static final Schema SCHEMA =
      Schema.of(
          Param.choice("data", "mnist")
              .group("Data and network")
              .label("Data")
              .option("mnist", "MNIST digits, 28 × 28")
              .option("fashion", "Fashion-MNIST, 28 × 28")
              .option("digits", "Small digits, 8 × 8")
              .option("own", "Your own classes, 28 × 28")
              .help("A part of each is trained on; the rest is held out and only measured."),
          Param.integer("classes", 2)
              .range(2, MOST_CLASSES)
              .label("Classes")
              .onlyWith("data", "own"),
          Param.choice("net", "reader")
              .label("Network")
              .option("reader", "Digit reader, 5 × 5 twice")
              .option("convnetjs", "ConvNetJS’s digit network")
              .option("norm", "BatchNorm, 3 × 3 three times")
              .option("mlp", "Dense layers only")
              .option("own", "Your own PyTorch code"),
          Param.choice("init", "pytorch")
              .label("First weights")
              .option("pytorch", "PyTorch’s default")
              .option("he", "He")
              .option("xavier", "Xavier")
              .option("too-large", "Five times He’s: too large")
              .option("0.01", "All 0.01: no symmetry broken"),
          Param.integer("seed", 1).range(0, 999_999_999).label("Seed"),
          Param.choice("optimizer", "momentum")
              .group("Training")
              .label("Optimizer")
              .option("sgd", "SGD")
              .option("momentum", "SGD with momentum 0.9")
              .option("nesterov", "Nesterov momentum 0.9")
              .option("adam", "Adam")
              .option("adamw", "AdamW")
              .option("rmsprop", "RMSprop"),
          Param.number("rate", 0.02).range(0, 1e9).step(0.001).label("Learning rate"),
          Param.choice("schedule", "constant")
              .label("Schedule")
              .option("constant", "Constant")
              .option("step", "A tenth after each third")
              .option("cosine", "Cosine to zero")
              .option("warm", "Warm-up, then cosine"),
          Param.integer("batch", 32).range(1, 4096).doubling().label("Batch"),
          Param.integer("epochs", 5).range(1, 100).label("Epochs"),
          Param.choice("augment", "none")
              .more()
              .label("Augmentation")
              .option("none", "None")
              .option("shift", "Shift by up to 2 pixels")
              .option("turn", "Shift, turn by 12°, scale by 10 %")
              .option("flip", "Mirror left and right")
              .option("cutout", "Cut out a square")
              .option("mixup", "Mixup, α = 0.2"),
          Param.number("decay", 0).range(0, 10).step(0.0001).label("Weight decay"),
          Param.number("clip", 0)
              .range(0, 1e6)
              .step(0.1)
              .label("Gradient limit")
              .help("Longer gradients are shortened to this length; 0 sets no limit."));

  /** What may change while a run goes on; all else makes a new one. */
  private static final List<String> CHANGEABLE =
      List.of("rate", "schedule", "epochs", "augment", "decay", "clip");

  /**
   * A setup and what was wrong with the texts it was read from.
   *
   * @param problems one for each bad text, in whose place the default stands
   */
  record Read(Setup setup, List<Problem> problems) {}

  /** Reads a link's query. */
  static Read read(String query) {
    Map<String, String> texts = QueryString.read(query);
    Schema.Parsed parsed = SCHEMA.parse(texts);
    return new Read(
        new Setup(parsed.values(), texts.getOrDefault(TEXT, "")), List.copyOf(parsed.problems()));
  }

  /** The query that {@link #read} takes: what differs from the defaults. */
  String query() {
    String query = values.query();
    if (!net().equals("own")) {
      return query;
    }
    Map<String, String> own = new LinkedHashMap<>();
    own.put(TEXT, text);
    return (query.isEmpty() ? "" : query + "&") + QueryString.write(own);
  }

  String data() {
    return values.choice("data");
  }

  String net() {
    return values.choice("net");
  }

  int epochs() {
    return values.integer("epochs");
  }

  /** How many classes the chosen data have. */
  int classes() {
    return data().equals("own") ? values.integer("classes") : 10;
  }

  /** The side of the chosen data's images. */
  int side() {
    return data().equals("digits") ? 8 : 28;
  }

  /** The files that the chosen data come from, by their names among the site's. */
  List<String> files() {
    switch (data()) {
      case "digits":
        return List.of("digits");
      case "own":
        return List.of();
      case "fashion":
        return List.of("fashion-images", "fashion-labels");
      default:
        return List.of("mnist-images", "mnist-labels");
    }
  }

  /** The network as PyTorch code. */
  String code() {
    return net().equals("own") ? text : Nets.code(net(), side(), classes());
  }

  /**
   * The network.
   *
   * @throws convscope.net.text.ReadException with line and column if the text is not understood
   */
  Network network() {
    return PyTorch.read(code());
  }

  Initialization initialization() {
    return Initialization.parse(values.choice("init"));
  }

  long seed() {
    return values.integer("seed");
  }

  /** Whether a run of this setup can go on with another. */
  boolean allows(Setup other) {
    Values same = other.values;
    for (String name : CHANGEABLE) {
      same = same.with(name, values.plain(name));
    }
    return same.equals(values) && (!net().equals("own") || text.equals(other.text));
  }

  /** What differs from another setup, in the words of the form: {@code Learning rate 0.1}. */
  String against(Setup other) {
    List<String> words = new ArrayList<>();
    for (Param<?> param : SCHEMA.params()) {
      String mine = values.plain(param.name());
      if (!mine.equals(other.values.plain(param.name()))) {
        words.add(param.label() + " " + mine);
      }
    }
    return words.isEmpty() ? "the same settings" : String.join(", ", words);
  }

  /** How many series of its own the optimizer keeps for each weight. */
  int series() {
    return values.choice("optimizer").startsWith("adam") ? 2 : 1;
  }

  private Optimizer optimizer() {
    double rate = values.number("rate");
    double decay = values.number("decay");
    switch (values.choice("optimizer")) {
      case "sgd":
        return new Sgd(rate).weightDecay(decay);
      case "nesterov":
        return new Sgd(rate).momentum(MOMENTUM).nesterov(true).weightDecay(decay);
      case "adam":
        return new Adam(rate).weightDecay(decay);
      case "adamw":
        return new AdamW(rate).weightDecay(decay);
      case "rmsprop":
        return new RmsProp(rate).weightDecay(decay);
      default:
        return new Sgd(rate).momentum(MOMENTUM).weightDecay(decay);
    }
  }

  /** The run's settings on these data, whose pixels have this mean and deviation. */
  Run.Settings settings(DataSet data, double mean, double deviation, int stepsPerEpoch) {
    Run.Settings settings =
        Run.Settings.of(values.integer("batch"), optimizer(), values.number("rate"), seed())
            .schedule(schedule(stepsPerEpoch * epochs()))
            .augmentation(augmentation(data))
            .normalized(mean, deviation);
    double limit = values.number("clip");
    return limit > 0 ? settings.clip(Clip.norm(limit)) : settings;
  }

  private Schedule schedule(int total) {
    int warm = Math.max(1, total / 10);
    switch (values.choice("schedule")) {
      case "step":
        return Schedule.step(Math.max(1, total / STEPS_DOWN), 0.1);
      case "cosine":
        return Schedule.cosine(total);
      case "warm":
        return Schedule.cosine(Math.max(1, total - warm)).warmUp(warm);
      default:
        return Schedule.CONSTANT;
    }
  }

  private Augmentation augmentation(DataSet data) {
    double shift = Math.min(2, data.width() / 8.0);
    switch (values.choice("augment")) {
      case "shift":
        return new Augmentation(shift, 0, 0, 0, false, 0);
      case "turn":
        return new Augmentation(shift, 12, 0.1, 0, false, 0);
      case "flip":
        return new Augmentation(0, 0, 0, 0, true, 0);
      case "cutout":
        return new Augmentation(0, 0, 0, data.width() / 4, false, 0);
      case "mixup":
        return new Augmentation(0, 0, 0, 0, false, 0.2);
      default:
        return Augmentation.NONE;
    }
  }

  /** The optimizer as PyTorch code, for the export. */
  String optimizerCode() {
    String rate = Num.plain(values.number("rate"), 9);
    String decay = Num.plain(values.number("decay"), 9);
    String rest = "model.parameters(), lr=" + rate + ", weight_decay=" + decay;
    switch (values.choice("optimizer")) {
      case "sgd":
        return "torch.optim.SGD(" + rest + ")";
      case "nesterov":
        return "torch.optim.SGD(" + rest + ", momentum=0.9, nesterov=True)";
      case "adam":
        return "torch.optim.Adam(" + rest + ")";
      case "adamw":
        return "torch.optim.AdamW(" + rest + ")";
      case "rmsprop":
        return "torch.optim.RMSprop(" + rest + ")";
      default:
        return "torch.optim.SGD(" + rest + ", momentum=0.9)";
    }
  }
}
