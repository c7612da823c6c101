package convscope.lab;

import convscope.data.DataSet;
import convscope.net.Model;
import convscope.net.Network;
import convscope.net.Pass;
import convscope.num.Maths;
import convscope.num.Num;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Markup;
import convscope.scene.Plot;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Room;
import convscope.scene.Scene;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.train.LayerStatistics;
import convscope.train.Learner;
import convscope.train.Metrics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a run. Widths are those of the page's column, in pixels. */
final class Views {
  private static final int SIDE_BY_SIDE = 600; // width from which two plots stand beside each other
  private static final double AREA = 190; // height between a plot's axes
  private static final int MOST_TILES = 32; // filters or maps of a layer that are shown
  private static final int MOST_LAYERS = 8;
  private static final int MISTAKES = 12;
  private static final double FULL = 10; // levels of a table's cell
  private static final Role[] EARLIER = {Role.KERNEL, Role.GRADIENT, Role.PADDING};

  /** An earlier run, to compare with: its name, its curves and the steps of its epochs. */
  record Earlier(String name, History history, int stepsPerEpoch) {}

  private final double width;

  Views(double width) {
    this.width = width;
  }

  // ---- curves

  /**
   * Loss and accuracy over the epochs.
   *
   * @param session null before there is a run
   */
  void curves(Shown shown, @Nullable Session session, Setup setup, List<Earlier> earlier) {
    boolean beside = width >= SIDE_BY_SIDE;
    double each = beside ? (width - 24) / 2 : width;
    double epochs = setup.epochs();
    double top = 2.5;
    if (session != null) {
      epochs = (double) session.total() / session.stepsPerEpoch();
      for (double loss : session.history().losses()) {
        top = Math.max(top, Math.min(10, loss));
      }
    }
    Plot loss = plot("loss", each, "Loss", epochs).y("cross-entropy", 0, top);
    Plot right = plot("accuracy", each, "Accuracy", epochs).y("right, %", 0, 100);
    if (session == null) {
      String none = "No run yet: the curves appear here.";
      Box both = beside ? Layout.bottoms(24, loss, right) : Layout.column(20, loss, right);
      shown.drawing("curves", Scene.of(width, 0, both), none);
      return;
    }
    for (int n = 0; n < earlier.size(); n++) {
      Earlier run = earlier.get(n);
      double[] at = over(run.history.heldOut(0), run.stepsPerEpoch);
      Role role = EARLIER[n % EARLIER.length];
      String id = "earlier-" + n;
      loss.curve(id, role, "dashed", run.name, at, run.history.heldOut(1));
      right.curve(id, role, "dashed", run.name, at, percent(run.history.heldOut(2)));
    }
    History history = session.history();
    double[] at = over(history.steps(), session.stepsPerEpoch());
    double[] held = over(history.heldOut(0), session.stepsPerEpoch());
    loss.curve("training", Role.INPUT, "thin", "training", at, history.losses());
    right.curve("training", Role.INPUT, "thin", "training", at, percent(history.accuracies()));
    for (Plot plot : List.of(loss, right)) {
      double[] values = plot == loss ? history.heldOut(1) : percent(history.heldOut(2));
      plot.curve("held", Role.OUTPUT, "", "", held, values);
      plot.points("held-dots", Role.OUTPUT, "", "held out", held, values);
      for (int n = 0; n < history.changes().size(); n++) {
        double place = (double) history.changes().get(n) / session.stepsPerEpoch();
        plot.rule("change-" + n, Role.NEUTRAL, "changed", place);
      }
    }
    Metrics metrics = session.heldOut();
    String alt =
        "After "
            + Num.count(session.step())
            + " steps the loss on training batches is "
            + text(session.loss())
            + (metrics == null
                ? "."
                : "; of what is held out, " + Num.percent(metrics.accuracy(), 1) + " is right.");
    Box both = beside ? Layout.bottoms(24, loss, right) : Layout.column(20, loss, right);
    shown.drawing("curves", Scene.of(width, 0, both), alt);
  }

  private static Plot plot(String key, double width, String title, double epochs) {
    return new Plot(key, width, AREA, title + " over the epochs")
        .title(title, "", Role.NEUTRAL)
        .x("epochs", 0, epochs);
  }

  private static double[] over(double[] steps, int epoch) {
    double[] all = new double[steps.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = steps[i] / epoch;
    }
    return all;
  }

  private static double[] percent(double[] shares) {
    double[] all = new double[shares.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = 100 * shares[i];
    }
    return all;
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "not known yet" : Num.value(value);
  }

  // ---- numbers in short

  /** What stands above all: the numbers that a glance looks for. */
  void summary(Shown shown, @Nullable Session session) {
    Metrics metrics = session == null ? null : session.heldOut();
    Markup out = new Markup();
    out.open("dl").attr("class", "figures");
    figure(
        out,
        "Right, held out",
        metrics == null ? "–" : Num.percent(metrics.accuracy(), 1),
        metrics == null ? "" : interval(metrics));
    figure(out, "Loss, held out", metrics == null ? "–" : Num.value(metrics.loss()), "");
    double loss = session == null ? Double.NaN : session.loss();
    figure(out, "Loss, last batch", Double.isNaN(loss) ? "–" : Num.value(loss), "");
    double speed = session == null ? Double.NaN : session.speed();
    figure(out, "Images a second", Double.isNaN(speed) ? "–" : Num.count(Num.round(speed)), "");
    shown.html("summary", out.close().toString());
  }

  private static String interval(Metrics metrics) {
    double[] ends = metrics.interval();
    return Num.decimal(100 * ends[0], 1) + " to " + Num.percent(ends[1], 1);
  }

  private static void figure(Markup out, String name, String value, String more) {
    out.open("div").span("dt", "", name).open("dd").span("b", "", value);
    if (!more.isEmpty()) {
      out.text(" ").span("small", "", more);
    }
    out.close().close();
  }

  // ---- weights and maps

  /** The first layer's weights as images. */
  void filters(Shown shown, Reader reader) {
    Model model = reader.model();
    for (Model.Part part : model.trained()) {
      Shape shape = part.shape();
      DataSet data = reader.data();
      boolean kernels = shape.rank() == 4 && shape.dim(2) * shape.dim(3) > 1;
      boolean dense = shape.rank() == 2 && shape.dim(1) == data.size();
      if (!kernels && !dense) {
        continue;
      }
      int high = kernels ? shape.dim(2) : data.height();
      int wide = kernels ? shape.dim(3) : data.width();
      float[] values = new float[shape.size()];
      System.arraycopy(model.parameters().data(), part.start(), values, 0, values.length);
      int count = Math.min(MOST_TILES, values.length / (high * wide));
      String name = model.network().nodes().get(part.node()).layer().name();
      Raster sheet = sheet("filters", values, count, high, wide, 52);
      sheet.title(name + ", layer " + part.node(), count + " of " + values.length / (high * wide));
      sheet.part("", "The weights of the first layer as images, " + count + " of them");
      shown.drawing(
          "filters",
          Scene.of(width, 0, fromTheLeft(sheet)),
          "The first layer’s weights, green where positive and violet where negative.");
      return;
    }
    shown.html("filters", "<p>No layer of this network has weights that make an image.</p>");
  }

  /** What each layer makes of one held-out image. */
  void maps(Shown shown, Reader reader, int example) {
    DataSet data = reader.data();
    int image = reader.image(example);
    float[] pixels = data.image(image);
    Tensor scores = reader.learner().scores(reader.input(pixels), 1, Pass.EVALUATION);
    double[] shares = softmax(scores.data(), data.classes().size());
    int best = best(shares);
    List<Box> boxes = new ArrayList<>();
    Raster first =
        new Raster(
            "example",
            Role.INPUT,
            data.height(),
            data.width(),
            Raster.levels(pixels, "grey", 1),
            "grey",
            96.0 / data.height());
    boxes.add(
        first
            .title("Held-out image", data.classes().get(data.label(image)))
            .part("", "Image " + image + ", " + data.classes().get(data.label(image))));
    for (int stage = 0; stage < reader.learner().stages(); stage++) {
      int[] nodes = reader.learner().nodes(stage);
      Shape shape = reader.model().input(nodes[1]);
      if (shape.rank() != 4 || shape.dim(2) * shape.dim(3) == 1 || boxes.size() > MOST_LAYERS) {
        continue;
      }
      Tensor output = reader.learner().output(stage, 1);
      int count = Math.min(MOST_TILES, shape.dim(1));
      Raster sheet = sheet("map-" + stage, output.data(), count, shape.dim(2), shape.dim(3), 44);
      String name = layers(reader.model(), reader.learner(), stage);
      sheet.title(name, Num.size(shape.dim(1), shape.dim(2), shape.dim(3)));
      sheet.part("", "The " + count + " maps after " + name);
      boxes.add(sheet);
    }
    String said =
        reader.name()
            + " takes this "
            + data.classes().get(data.label(image))
            + " for "
            + data.classes().get(best)
            + " ("
            + Num.percent(shares[best], 1)
            + ")."
            + reader.note();
    shown.drawing(
        "maps", Scene.of(width, 0, fromTheLeft(Layout.stack(14, boxes.toArray(Box[]::new)))), said);
    shown.html("maps-said", "<p>" + Markup.escaped(said) + "</p>");
  }

  /** Images beside and below one another with a pixel between, on one scale. */
  private Raster sheet(String key, float[] values, int count, int high, int wide, double largest) {
    double most = 0;
    for (int i = 0; i < count * high * wide; i++) {
      most = Math.max(most, Math.abs(values[i]));
    }
    double tile = Math.max(wide + 1, Math.min(largest, 8.0 * (wide + 1)));
    double scale = tile / (wide + 1);
    int columns = (int) Math.max(1, Math.min(count, (width - 8) / tile));
    int rows = (count + columns - 1) / columns;
    columns = (count + rows - 1) / rows; // lines of about the same length
    int sheetWide = columns * (wide + 1) - 1;
    int sheetHigh = rows * (high + 1) - 1;
    float[] sheet = new float[sheetWide * sheetHigh];
    for (int n = 0; n < count; n++) {
      int top = n / columns * (high + 1);
      int left = n % columns * (wide + 1);
      for (int i = 0; i < high * wide; i++) {
        sheet[(top + i / wide) * sheetWide + left + i % wide] = values[n * high * wide + i];
      }
    }
    return new Raster(
        key,
        Role.NEUTRAL,
        sheetHigh,
        sheetWide,
        Raster.levels(sheet, "signed", most),
        "signed",
        scale);
  }

  static double[] softmax(float[] scores, int classes) {
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      most = Math.max(most, scores[c]);
    }
    double sum = 0;
    double[] shares = new double[classes];
    for (int c = 0; c < classes; c++) {
      shares[c] = Maths.exp(scores[c] - most);
      sum += shares[c];
    }
    for (int c = 0; c < classes; c++) {
      shares[c] /= sum;
    }
    return shares;
  }

  static int best(double[] shares) {
    int best = 0;
    for (int c = 1; c < shares.length; c++) {
      best = shares[c] > shares[best] ? c : best;
    }
    return best;
  }

  // ---- tables

  /** What each layer does. */
  void statistics(Shown shown, Session session) {
    Markup out = new Markup();
    out.open("table").attr("class", "per-layer").open("thead").open("tr");
    for (String head :
        new String[] {
          "Layer", "Mean ± deviation", "Dead", "Saturated", "|weights|", "|gradient|"
        }) {
      out.open("th").attr("scope", "col").text(head).close();
    }
    out.close().close().open("tbody");
    List<LayerStatistics> all = session.statistics();
    for (int stage = 0; stage < all.size(); stage++) {
      LayerStatistics one = all.get(stage);
      out.open("tr").open("th").attr("scope", "row").text(stageName(session, stage)).close();
      out.span("td", "", Num.cell(one.mean()) + " ± " + Num.cell(one.deviation()));
      boolean silent = one.dead() > 0.3;
      out.span("td", silent ? "warn" : "", one.dead() > 0 ? Num.percent(one.dead(), 0) : "–");
      boolean full = one.saturated() > 0.3;
      out.span(
          "td", full ? "warn" : "", one.saturated() > 0 ? Num.percent(one.saturated(), 0) : "–");
      boolean learns = one.weights() > 0;
      out.span("td", "", learns ? Num.difference(one.weights()) : "–");
      out.span("td", "", learns ? Num.difference(one.gradients()) : "–").close();
    }
    out.close().close();
    shown.html(
        "statistics", all.isEmpty() ? "<p>They appear with the first step.</p>" : out.toString());
  }

  /** How often each class was taken for each. */
  void confusion(Shown shown, Session session) {
    Metrics metrics = session.heldOut();
    if (metrics == null) {
      shown.html("confusion", unmeasured(session));
      return;
    }
    List<String> classes = session.data().classes();
    Markup out = new Markup();
    out.open("table").attr("class", "confusion").open("thead").open("tr");
    out.open("th").attr("scope", "col").text("Is").close();
    for (int c = 0; c < classes.size(); c++) {
      out.open("th").attr("scope", "col").attr("title", classes.get(c));
      out.text(letters(classes.get(c))).close();
    }
    out.open("th").attr("scope", "col").text("Found").close();
    out.close().close().open("tbody");
    for (int label = 0; label < classes.size(); label++) {
      out.open("tr").open("th").attr("scope", "row").text(classes.get(label)).close();
      int all = 0;
      for (int c = 0; c < classes.size(); c++) {
        all += metrics.confusion(label, c);
      }
      for (int c = 0; c < classes.size(); c++) {
        int count = metrics.confusion(label, c);
        // mistakes are few: their shades rise faster
        double share = count * (c == label ? 1 : 4) / Math.max(1.0, all);
        long level = count == 0 ? 0 : Math.max(1, Num.round(FULL * Math.min(1, share)));
        String css = (c == label ? "hit l" : "miss l") + level;
        out.span("td", count == 0 ? "none" : css, count == 0 ? "·" : Num.count(count));
      }
      double recall = metrics.recall(label);
      out.span("td", "", Double.isNaN(recall) ? "–" : Num.percent(recall, 0)).close();
    }
    shown.html("confusion", out.close().close().toString());
  }

  private static String unmeasured(Session session) {
    boolean nothing = session.data().training() == session.data().count();
    return nothing
        ? "<p>Nothing is held out: of every four examples of a class, the fourth is.</p>"
        : "<p>Nothing has been measured yet.</p>";
  }

  private static String letters(String name) {
    return name.length() > 4 ? name.substring(0, 3) + "." : name;
  }

  /** The held-out images that are most wrong. */
  void mistakes(Shown shown, Session session) {
    Metrics metrics = session.heldOut();
    List<Metrics.Mistake> worst = metrics == null ? List.of() : metrics.worst();
    if (worst.isEmpty()) {
      shown.html(
          "mistakes",
          metrics == null
              ? unmeasured(session)
              : "<p>There are none: every held-out image is right.</p>");
      return;
    }
    DataSet data = session.data();
    List<Box> boxes = new ArrayList<>();
    double widest = 0;
    for (Metrics.Mistake mistake : worst.subList(0, Math.min(MISTAKES, worst.size()))) {
      String is = data.classes().get(mistake.label());
      String taken = data.classes().get(mistake.answer());
      Raster image =
          new Raster(
              "mistake-" + boxes.size(),
              Role.NEUTRAL,
              data.height(),
              data.width(),
              Raster.levels(data.image(mistake.image()), "grey", 1),
              "grey",
              64.0 / data.height());
      image.title("", is + " → " + taken);
      image.part("", "Is " + is + ", taken for " + taken);
      widest = Math.max(widest, image.width());
      boxes.add(image);
    }
    int perLine = (int) Math.max(1, Math.min(boxes.size(), (width + 14) / (widest + 14)));
    List<Box> rooms = new ArrayList<>();
    for (Box box : boxes) {
      rooms.add(new Room(box, widest));
    }
    shown.drawing(
        "mistakes",
        Scene.of(width, 0, Layout.lines(perLine, 14, 12, rooms.toArray(Box[]::new))),
        "The held-out images with the largest losses: what each is, and what it is taken for.");
  }

  // ---- own examples

  /** The reader's own examples, a line of small images for each class. */
  void own(Shown shown, Own own, int classes) {
    List<Box> lines = new ArrayList<>();
    for (int label = 0; label < Math.max(1, Math.min(Setup.MOST_CLASSES, classes)); label++) {
      List<float[]> images = own.images(label);
      int most = (int) Math.max(1, (width - 8) / 30);
      int from = Math.max(0, images.size() - most); // the latest
      int count = Math.max(1, images.size() - from);
      int side = Own.SIDE;
      float[] line = new float[side * (count * (side + 2) - 2)];
      int wide = count * (side + 2) - 2;
      for (int n = from; n < images.size(); n++) {
        for (int i = 0; i < side * side; i++) {
          line[i / side * wide + (n - from) * (side + 2) + i % side] = images.get(n)[i];
        }
      }
      Raster raster =
          new Raster(
              "own-" + label, Role.NEUTRAL, side, wide, Raster.levels(line, "grey", 1), "grey", 1);
      String number = images.size() == 1 ? "1 example" : images.size() + " examples";
      lines.add(raster.title(own.name(label), number).part("", own.name(label) + ": " + number));
    }
    shown.drawing(
        "own",
        Scene.of(width, 0, fromTheLeft(Layout.stack(10, lines.toArray(Box[]::new)))),
        "Your examples by class");
  }

  private Box fromTheLeft(Box box) {
    return Box.of(Math.max(width, box.width()), box.height(), box::place);
  }

  // ---- trying it

  /** What the network makes of one of the held-out images. */
  void prediction(Shown shown, Reader reader, int example) {
    DataSet data = reader.data();
    int image = reader.image(example);
    String is = "A held-out " + data.classes().get(data.label(image)) + ", taken for ";
    prediction(shown, reader, data.image(image), is);
  }

  /** What the network makes of a drawing, given as the data's images are. */
  void prediction(Shown shown, Reader reader, float[] pixels) {
    prediction(shown, reader, pixels, "Taken for ");
  }

  private void prediction(Shown shown, Reader reader, float[] pixels, String taken) {
    DataSet data = reader.data();
    Tensor scores = reader.learner().scores(reader.input(pixels), 1, Pass.EVALUATION);
    double[] shares = softmax(scores.data(), data.classes().size());
    int best = best(shares);
    Bars bars = new Bars("shares", width, "probability").linear(1);
    String longest = "";
    for (String name : data.classes()) {
      longest = name.length() > longest.length() ? name : longest;
    }
    bars.room(longest, "100 %").within(210);
    for (int c = 0; c < shares.length; c++) {
      bars.add(
          data.classes().get(c),
          c == best ? Role.OUTPUT : Role.NEUTRAL,
          shares[c],
          Num.percent(shares[c], 0));
    }
    String said = taken + data.classes().get(best) + ": " + Num.percent(shares[best], 1);
    shown.drawing("prediction", Scene.of(width, 0, bars), said);
    Raster seen =
        new Raster(
            "seen",
            Role.INPUT,
            data.height(),
            data.width(),
            Raster.levels(pixels, "grey", 1),
            "grey",
            84.0 / data.height());
    seen.title("What it sees", "").part("", "The image as the network sees it");
    shown.drawing("seen", Scene.of(110, 0, seen), "The image as the network sees it");
    shown.html("prediction-said", "<p>" + Markup.escaped(said + ".") + "</p>");
  }

  // ---- words

  /** What is told of a run that burst. */
  static String divergence(Session session, Session.Divergence burst) {
    Markup out = new Markup();
    out.open("h3").text("Diverged at step " + Num.count(burst.step())).close();
    String loss =
        Double.isNaN(burst.loss())
            ? "no number any more (NaN)"
            : Double.isInfinite(burst.loss()) ? "infinite" : Num.scientific(burst.loss(), 1);
    out.open("p").text("The loss was " + loss);
    if (!Double.isNaN(burst.before())) {
      out.text(", one step after " + Num.value(burst.before()));
    }
    out.text(". The first layer whose outputs burst is ");
    out.span("b", "", "layer " + stageName(session, burst.stage()));
    boolean finite = Math.abs(burst.spread()) < Double.POSITIVE_INFINITY;
    out.text(finite ? ": they reach " + Num.difference(burst.spread()) : ": they overflow");
    if (!Double.isNaN(burst.usual())) {
      out.text(", where " + Num.difference(burst.usual()) + " was usual");
    }
    out.text(
        ". A step that is too long makes the weights overshoot, the next gradient is larger, and"
            + " the step after it longer still.");
    out.close().open("p");
    out.text(
        "The network is again as it was after step "
            + Num.count(burst.back())
            + ", its last good state. Go on from there with:");
    out.close().open("p").attr("class", "remedies");
    double rate = session.setup().values().number("rate") / 10;
    boolean absurd = rate > 0.1; // where nothing else helps, and nobody wants to press ten times
    rate = absurd ? 0.02 : rate;
    remedy(out, "rate=" + Num.plain(rate, 6), "rate " + Num.plain(rate, 6));
    if (!absurd && session.setup().values().number("clip") == 0) {
      remedy(out, "clip=1", "gradients limited to 1");
    }
    if (!absurd && !session.setup().values().choice("schedule").equals("warm")) {
      remedy(out, "schedule=warm", "a warm-up");
    }
    return out.close().toString();
  }

  private static void remedy(Markup out, String change, String words) {
    out.open("button").attr("type", "button").attr("data-change", change).text(words).close();
    out.text(" ");
  }

  /** The layers that a stage does in one go: {@code 0 to 2: Conv2d, ReLU, MaxPool2d}. */
  private static String stageName(Session session, int stage) {
    int[] nodes = session.learner().nodes(stage);
    List<Network.Node> all = session.model().network().nodes();
    String last = nodes[1] - nodes[0] > 1 ? " to " + all.get(nodes[1] - 1).path() : "";
    return all.get(nodes[0]).path()
        + last
        + ": "
        + layers(session.model(), session.learner(), stage);
  }

  private static String layers(Model model, Learner learner, int stage) {
    int[] nodes = learner.nodes(stage);
    List<String> names = new ArrayList<>();
    for (Network.Node node : model.network().nodes().subList(nodes[0], nodes[1])) {
      names.add(node.layer().name());
    }
    return String.join(", ", names);
  }

  /** The layers of a network with their shapes and weights. */
  static String table(Model model) {
    Markup out = new Markup();
    out.open("table").attr("class", "layers").open("thead").open("tr");
    for (String head : new String[] {"Layer", "Output", "Weights"}) {
      out.open("th").attr("scope", "col").text(head).close();
    }
    out.close().close().open("tbody");
    for (int n = 0; n < model.network().nodes().size(); n++) {
      int weights = 0;
      for (Model.Part part : Model.of(model.trained(), n)) {
        weights += part.shape().size();
      }
      Shape shape = model.input(n + 1);
      String size = "";
      for (int axis = 1; axis < shape.rank(); axis++) {
        size += (axis > 1 ? " × " : "") + shape.dim(axis);
      }
      out.open("tr").open("th").attr("scope", "row");
      out.text(model.network().nodes().get(n).layer().name()).close();
      out.span("td", "", size).span("td", "", weights == 0 ? "–" : Num.count(weights)).close();
    }
    return out.close().close().toString();
  }
}
