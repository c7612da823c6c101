package convscope.lab;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import convscope.data.DataSet;
import convscope.data.DataSets;
import convscope.data.Given;
import convscope.data.HeldOutDigits;
import convscope.data.Picture;
import convscope.engine.Engine;
import convscope.figure.Reply;
import convscope.net.Model;
import convscope.net.Network;
import convscope.net.Safetensors;
import convscope.net.ShapeTrace;
import convscope.net.text.PyTorch;
import convscope.net.text.ReadException;
import convscope.num.Num;
import convscope.param.Problem;
import convscope.tensor.Shape;
import convscope.train.Learner;
import convscope.train.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers the training lab's page. It holds the one run that is under way.
 *
 * <p>Requests are JSON objects with an {@code op}:
 *
 * <ul>
 *   <li>{@code check}: what is chosen in {@code query}: the whole {@code query}, {@code problems}
 *       ({@code param}, {@code text}), the network's {@code code} and its {@code table}, or why
 *       there is none ({@code error}, with {@code line} and {@code column} where it has a place).
 *   <li>{@code give}: a file of the site by its {@code name}, as bytes.
 *   <li>{@code own}: an example of the reader's own under an {@code id}, of the class with the
 *       number {@code label}: a picture of {@code width} and {@code height}, {@code drawn} or not;
 *       or {@code gone}, to remove it. {@code own-names}: the {@code names} of the classes.
 *   <li>{@code show}: has the digit reader that ships with the site stand in until there is a run:
 *       {@code view} draws {@code filters}, {@code maps} and {@code prediction} of it. The answer
 *       may have {@code needs}.
 *   <li>{@code begin}: lays out a run of the {@code query}. The answer has {@code needs}, names of
 *       files to be given first, or {@code notes} and what {@code advance} answers.
 *   <li>{@code advance}: trains and measures for {@code ms}, up to step {@code limit}, and if
 *       {@code measure} then measures there. The answer has {@code step}, {@code total}, {@code
 *       epoch} (steps of one), {@code said}, {@code measured} (the step of the last measurement),
 *       {@code more} (whether there is more to do), and {@code diverged} if the run had to go back.
 *   <li>{@code view}: {@code panels} by name for a column of {@code width} pixels; {@code example}
 *       says which held-out image goes through the network, {@code prediction} among the panels
 *       what it takes that for.
 *   <li>{@code predict}: what the network makes of a drawing of {@code width} and {@code height},
 *       its pixels as bytes.
 *   <li>{@code change}: goes on with the {@code query}'s settings.
 *   <li>{@code save}, {@code open}: the run as a file.
 *   <li>{@code export}: {@code kind} {@code pytorch}, {@code safetensors} or {@code json}.
 * </ul>
 *
 * An answer to anything unreadable has {@code error}; the run is then as it was.
 */
public final class LabService {
  private static final int EARLIER = 3; // runs to compare with
  private static final double LONGEST = 100; // ms of one advance
  private static final String SHIPPED = "digit-reader"; // the weights of the net “reader”
  private static final String RESULTS = "networks"; // what is known of the networks that ship

  private final Supplier<Engine> engine;
  private final DoubleSupplier clock;
  private final Given given = new Given();
  private final Own own = new Own();
  private final List<Views.Earlier> earlier = new ArrayList<>();
  private @Nullable Engine made;
  private @Nullable Session session;
  private @Nullable Reader shipped; // until there is a session
  private @Nullable DataSet data;
  private String dataOf = "";
  private Setup setup = Setup.read("").setup();
  private int runs; // begun so far

  /**
   * A lab without a run.
   *
   * @param engine makes what runs convolve on, when the first begins
   * @param clock milliseconds since some moment
   */
  public LabService(Supplier<Engine> engine, DoubleSupplier clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** Answers one request; never throws for what a request holds. */
  public Reply handle(String request, byte[] bytes) {
    try {
      return answer(Json.parse(request).asObject(), bytes);
    } catch (ReadException e) {
      return reply(problem(e).add("line", e.line()).add("column", e.column()));
    } catch (ParseException
        | UnsupportedOperationException
        | IllegalArgumentException
        | IllegalStateException e) {
      return reply(problem(e));
    }
  }

  private static JsonObject problem(RuntimeException e) {
    String message = e.getMessage();
    return Json.object().add("error", message == null ? "the request is unreadable" : message);
  }

  private static Reply reply(JsonObject json) {
    return new Reply(json.toString(), new byte[0]);
  }

  private Reply answer(JsonObject request, byte[] bytes) {
    String op = request.getString("op", "");
    switch (op) {
      case "check":
        return reply(check(request.getString("query", "")));
      case "give":
        given.bytes(request.getString("name", ""), bytes);
        return reply(Json.object());
      case "own":
        example(request, bytes);
        return reply(Json.object());
      case "own-names":
        List<String> names = new ArrayList<>();
        for (JsonValue name : request.get("names").asArray()) {
          names.add(name.asString());
        }
        own.name(names);
        dataOf = "";
        return reply(Json.object());
      case "show":
        return reply(show());
      case "begin":
        return reply(begin(request.getString("query", "")));
      case "advance":
        return reply(advance(request));
      case "view":
        return view(request);
      case "predict":
        return predict(request, bytes);
      case "change":
        Session run = session();
        run.change(Setup.read(request.getString("query", "")).setup());
        setup = run.setup();
        return reply(progress(run, true));
      case "save":
        return new Reply(
            Json.object().toString(),
            new RunFile(setup.query(), session().history(), earlier, session().state()).bytes());
      case "open":
        return reply(open(bytes));
      case "export":
        return export(request.getString("kind", ""));
      default:
        throw new IllegalArgumentException(
            "op: “"
                + op
                + "” is not known; use check, give, own, own-names, show, begin, advance, view,"
                + " predict, change, save, open or export");
    }
  }

  private Session session() {
    if (session == null) {
      throw new IllegalArgumentException("There is no run yet; begin one.");
    }
    return session;
  }

  private Reader reader() {
    Reader first = shipped;
    return session == null && first != null ? first : session().reader();
  }

  // ---- what is shown before a run

  private JsonObject show() {
    if (session != null || shipped != null) {
      return Json.object();
    }
    JsonObject needs = needs(List.of(SHIPPED, HeldOutDigits.FILE, RESULTS));
    if (needs != null) {
      return needs;
    }
    JsonObject result =
        Json.parse(new String(given.bytes(RESULTS), StandardCharsets.UTF_8))
            .asObject()
            .get(SHIPPED)
            .asObject();
    double right = (double) result.getInt("right", 0) / result.getInt("of", 1);
    DataSet digits = DataSets.heldOut(HeldOutDigits.of(given));
    Model model =
        new Model(
            PyTorch.read(Nets.code("reader", digits.height(), digits.classes().size())),
            Shape.of(1, digits.height(), digits.width()));
    Safetensors.read(given.bytes(SHIPPED), model);
    shipped =
        new Reader(
            model,
            new Learner(engine(), model, 1),
            digits,
            0,
            0,
            1,
            "The course’s digit reader",
            " It comes with this page, trained beforehand, and reads "
                + Num.percent(right, 1)
                + " of 2,000 held-out digits. A run of yours begins with random weights.");
    return Json.object();
  }

  private Engine engine() {
    if (made == null) {
      made = engine.get();
    }
    return made;
  }

  // ---- what is chosen

  private static JsonObject check(String query) {
    Setup.Read read = Setup.read(query);
    JsonArray problems = new JsonArray();
    for (Problem problem : read.problems()) {
      problems.add(Json.object().add("param", problem.param()).add("text", problem.text()));
    }
    Setup chosen = read.setup();
    JsonObject answer =
        Json.object()
            .add("query", chosen.query())
            .add("problems", problems)
            .add("code", chosen.code());
    try {
      Network network = fitting(chosen);
      int side = chosen.side();
      Shape shape = Shape.of(1, 1, side, side);
      long weights = 0;
      ShapeTrace trace = ShapeTrace.of(network.layers(), shape);
      for (int n = 0; n < trace.good(); n++) {
        for (Shape part : network.layers().get(n).parameters(trace.input(n))) {
          weights += part.size();
        }
      }
      answer.add("weights", Num.count(weights) + " weights");
      if (weights < 1 << 24) { // larger ones are refused when a run begins
        answer.add("table", Views.table(new Model(network, Shape.of(1, side, side))));
      }
    } catch (ReadException e) {
      answer.add("error", String.valueOf(e.getMessage()));
      answer.add("line", e.line()).add("column", e.column());
    } catch (IllegalArgumentException e) {
      answer.add("error", String.valueOf(e.getMessage()));
    }
    return answer;
  }

  /** The network, whose layers take what they get and end in the classes. */
  private static Network fitting(Setup chosen) {
    if (chosen.net().equals("own") && chosen.text().isBlank()) {
      throw new ReadException(1, 1, "there is no network yet; paste nn.Sequential(…)");
    }
    Network network = chosen.network();
    ShapeTrace trace =
        ShapeTrace.of(network.layers(), Shape.of(1, 1, chosen.side(), chosen.side()));
    if (trace.problem() != null) {
      int line = network.nodes().get(trace.good()).line();
      throw new ReadException(line, 1, String.valueOf(trace.sentence()));
    }
    Shape output = trace.output();
    if (output.rank() != 2 || output.dim(1) < chosen.classes()) {
      int line = network.nodes().get(network.nodes().size() - 1).line();
      String shape = "";
      for (int axis = 1; axis < output.rank(); axis++) {
        shape += (axis > 1 ? " × " : "") + output.dim(axis);
      }
      throw new ReadException(
          line,
          1,
          "the network gives "
              + shape
              + " for an image of "
              + chosen.classes()
              + " classes; end with nn.Flatten() and nn.Linear(…, "
              + chosen.classes()
              + ")");
    }
    return network;
  }

  private void example(JsonObject request, byte[] rgba) {
    String id = request.getString("id", "");
    dataOf = "";
    if (request.getBoolean("gone", false)) {
      own.remove(id);
      return;
    }
    Picture picture =
        new Picture(request.getInt("height", 0), request.getInt("width", 0), rgba, "");
    own.add(id, request.getInt("label", -1), picture, request.getBoolean("drawn", false));
  }

  // ---- a run

  private JsonObject begin(String query) {
    Setup chosen = Setup.read(query).setup();
    fitting(chosen);
    JsonObject needs = needs(chosen.files());
    if (needs != null) {
      return needs;
    }
    start(chosen);
    return progress(session(), false);
  }

  /** Those of the files that are still to be given, or null. */
  private @Nullable JsonObject needs(List<String> files) {
    JsonArray missing = new JsonArray();
    for (String name : files) {
      if (!given.has(name)) {
        missing.add(name);
      }
    }
    return missing.isEmpty() ? null : Json.object().add("needs", missing);
  }

  private void start(Setup chosen) {
    DataSet set = data(chosen);
    Session before = session;
    Engine on = engine();
    if (shipped != null) {
      shipped.learner().release();
      shipped = null;
    }
    if (before != null) {
      before.release(); // the engine's memory goes back in reverse order
      session = null;
    }
    try {
      session = new Session(on, set, chosen, clock);
    } catch (IllegalArgumentException | IllegalStateException e) {
      if (before != null) { // as it was
        Session again = new Session(on, before.data(), before.setup(), clock);
        again.resume(before.state(), before.history());
        session = again;
      }
      throw e;
    }
    runs++;
    if (before != null && before.history().heldOut(0).length > 1) {
      String name = "run " + (runs - 1) + ": " + before.setup().against(chosen);
      earlier.add(new Views.Earlier(name, before.history(), before.stepsPerEpoch()));
      if (earlier.size() > EARLIER) {
        earlier.remove(0);
      }
    }
    setup = chosen;
  }

  private DataSet data(Setup chosen) {
    if (chosen.data().equals("own")) {
      dataOf = "";
      return own.data(chosen.classes());
    }
    if (data == null || !dataOf.equals(chosen.data())) {
      List<String> files = chosen.files();
      byte[] first = given.bytes(files.get(0));
      switch (chosen.data()) {
        case "digits":
          data = DataSets.digits(first);
          break;
        case "fashion":
          data = DataSets.fashion(first, given.bytes(files.get(1)));
          break;
        default:
          data = DataSets.mnist(first, given.bytes(files.get(1)));
      }
      dataOf = chosen.data();
    }
    return data;
  }

  private JsonObject advance(JsonObject request) {
    Session run = session();
    double ms = Math.max(0, Math.min(LONGEST, request.getDouble("ms", 0)));
    boolean more =
        run.advance(ms, request.getInt("limit", 0), request.getBoolean("measure", false));
    return progress(run, more);
  }

  private static JsonObject progress(Session run, boolean more) {
    JsonArray notes = new JsonArray();
    run.notes().forEach(notes::add);
    JsonObject answer =
        Json.object()
            .add("step", run.step())
            .add("total", run.total())
            .add("epoch", run.stepsPerEpoch())
            .add("measured", run.measuredAt())
            .add("said", said(run))
            .add("notes", notes)
            .add("more", more);
    Session.Divergence burst = run.divergence();
    if (burst != null) {
      answer.add("diverged", Views.divergence(run, burst));
    }
    return answer;
  }

  /** Where it stands, in a line. */
  private static String said(Session run) {
    StringBuilder out = new StringBuilder();
    out.append("Step ").append(Num.count(run.step())).append(" of ").append(Num.count(run.total()));
    double epochs = (double) run.step() / run.stepsPerEpoch();
    out.append(" · epoch ").append(Num.decimal(epochs, 1));
    if (run.counted() < 1) {
      out.append(" · measuring what is held out, ").append(Num.percent(run.counted(), 0));
    }
    double speed = run.speed();
    int left = run.total() - run.step();
    if (left > 0 && speed > 0) {
      double perStep = (double) run.data().training() / run.stepsPerEpoch() / speed;
      double seconds = left * perStep;
      out.append(" · about ")
          .append(
              seconds < 90
                  ? Num.decimal(Math.max(1, seconds), 0) + " s"
                  : Num.decimal(seconds / 60, 0) + " min")
          .append(" left");
    }
    return out.toString();
  }

  private Reply view(JsonObject request) {
    Shown shown = new Shown();
    Views views = new Views(Math.max(240, Math.min(1600, request.getDouble("width", 640))));
    JsonValue panels = request.get("panels");
    if (panels == null) {
      throw new IllegalArgumentException("view: there are no panels; name at least one");
    }
    for (JsonValue value : panels.asArray()) {
      String panel = value.asString();
      switch (panel) {
        case "summary":
          views.summary(shown, session);
          break;
        case "curves":
          views.curves(shown, session, setup, earlier);
          break;
        case "own":
          views.own(shown, own, request.getInt("classes", 2));
          break;
        case "filters":
          views.filters(shown, reader());
          break;
        case "maps":
          views.maps(shown, reader(), request.getInt("example", 0));
          break;
        case "prediction":
          views.prediction(shown, reader(), request.getInt("example", 0));
          break;
        case "statistics":
          views.statistics(shown, session());
          break;
        case "confusion":
          views.confusion(shown, session());
          break;
        case "mistakes":
          views.mistakes(shown, session());
          break;
        default:
          throw new IllegalArgumentException(
              "view: there is no panel “"
                  + panel
                  + "”; use summary, curves, own, filters, maps, prediction,"
                  + " statistics, confusion or mistakes");
      }
    }
    return new Reply(shown.json().toString(), shown.bytes());
  }

  private Reply predict(JsonObject request, byte[] rgba) {
    Picture picture =
        new Picture(request.getInt("height", 0), request.getInt("width", 0), rgba, "");
    Shown shown = new Shown();
    Reader reader = reader();
    boolean asMnist = !setup.data().equals("digits") && !setup.data().equals("fashion");
    float[] image = Drawn.image(picture, reader.data().height(), session == null || asMnist);
    double wide = Math.max(200, Math.min(600, request.getDouble("column", 300)));
    new Views(wide).prediction(shown, reader, image);
    return new Reply(shown.json().toString(), shown.bytes());
  }

  // ---- files

  private JsonObject open(byte[] bytes) {
    RunFile file = RunFile.read(bytes);
    Setup chosen = Setup.read(file.query()).setup();
    fitting(chosen);
    JsonObject needs = needs(chosen.files());
    if (needs != null) {
      return needs;
    }
    start(chosen);
    session().resume(file.state(), file.history());
    earlier.clear();
    earlier.addAll(file.earlier());
    return progress(session(), false).add("query", chosen.query());
  }

  private Reply export(String kind) {
    Session run = session();
    switch (kind) {
      case "safetensors":
        return new Reply(Json.object().toString(), Safetensors.write(run.model()));
      case "pytorch":
        return new Reply(Json.object().toString(), code(run).getBytes(StandardCharsets.UTF_8));
      case "json":
        return new Reply(
            Json.object().toString(), summary(run).toString().getBytes(StandardCharsets.UTF_8));
      default:
        throw new IllegalArgumentException(
            "export: “" + kind + "” is not known; use pytorch, safetensors or json");
    }
  }

  private static String code(Session run) {
    return """
    # A network that Convscope's training lab trained, and its weights beside it as model.safetensors.
    import torch
    import torch.nn as nn
    from safetensors.torch import load_file

    model =\
    """
        + run.setup().code().strip()
        + """

        model.load_state_dict(load_file("model.safetensors"), strict=False)  # counts of batches are not stored
        model.eval()

        # images: (N, 1,\
        """
        + run.data().height()
        + ", "
        + run.data().width()
        + """
        ), levels 0 to 1, white on black
        def predict(images):
            with torch.no_grad():
                return model((images -\
        """
        + Num.plain(run.mean(), 6)
        + ") / "
        + Num.plain(run.deviation(), 6)
        + """
        ).softmax(1)

        # trained for\
        """
        + run.step()
        + " steps in batches of "
        + run.setup().values().integer("batch")
        + " with\n# "
        + run.setup().optimizerCode()
        + "\n";
  }

  private static JsonObject summary(Session run) {
    JsonArray classes = new JsonArray();
    run.data().classes().forEach(classes::add);
    JsonObject json =
        Json.object()
            .add("data", run.data().name())
            .add("query", run.setup().query())
            .add("network", run.setup().code())
            .add("classes", classes)
            .add("mean", run.mean())
            .add("deviation", run.deviation())
            .add("steps", run.step())
            .add("stepsPerEpoch", run.stepsPerEpoch())
            .add("curves", run.history().json());
    Metrics metrics = run.heldOut();
    if (metrics != null) {
      JsonArray confusion = new JsonArray();
      for (int label = 0; label < metrics.classes(); label++) {
        JsonArray row = new JsonArray();
        for (int answer = 0; answer < metrics.classes(); answer++) {
          row.add(metrics.confusion(label, answer));
        }
        confusion.add(row);
      }
      json.add(
          "heldOut",
          Json.object()
              .add("step", run.measuredAt())
              .add("images", metrics.count())
              .add("loss", Math.min(1e30, metrics.loss()))
              .add("accuracy", metrics.accuracy())
              .add("confusion", confusion));
    }
    return json;
  }
}
