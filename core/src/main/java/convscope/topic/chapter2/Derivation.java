package convscope.topic.chapter2;

import static convscope.scene.Formula.ceil;
import static convscope.scene.Formula.floor;
import static convscope.scene.Formula.frac;
import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.num.Num;
import convscope.scene.Formula;
import convscope.scene.Markup;
import convscope.scene.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes an output size step by step: symbols, numbers, numerator, fraction, floor, result. */
final class Derivation {
  private final Axis axis;
  private final String letter;
  private final boolean height;

  private Derivation(Axis axis, boolean height) {
    this.axis = axis;
    this.height = height;
    this.letter = height ? "H" : "W";
  }

  /** The relation of a convention in symbols. */
  static Formula relation(Convention convention) {
    Axis any = new Axis(convention, 1, 1, 1, 0, 1, 0);
    return new Derivation(any, true).relation(false);
  }

  /** Both axes, step by step. */
  static String html(OutputSize size) {
    Markup html = new Markup();
    html.open("div").attr("class", "derivation");
    steps(html, "height", lines(size, true));
    steps(html, "width", lines(size, false));
    return html.close().toString();
  }

  /** Both axes under the floor convention, each in two lines: the formula and what it gives. */
  static String brief(Axis height, Axis width) {
    Markup html = new Markup();
    html.open("div").attr("class", "derivation");
    for (Axis axis : List.of(height, width)) {
      Derivation writer = new Derivation(axis, axis == height);
      Formula end =
          row(
              op("="),
              floor(writer.quotient(axis.room())),
              op("+"),
              num("1"),
              op("="),
              writer.result());
      String live = writer.relation(true).with(writer.numbers()).line();
      steps(html, axis == height ? "height" : "width", List.of(live, end.line()));
    }
    return html.close().toString();
  }

  /** The height under a SAME convention, and its padding; beside a formula written before. */
  static String same(Axis axis, String beside) {
    Derivation writer = new Derivation(axis, true);
    List<String> lines = new ArrayList<>();
    lines.add(writer.relation(true).with(writer.numbers()).line());
    for (Formula step : writer.steps()) {
      lines.add(step.line());
    }
    Markup html = new Markup();
    html.open("div").attr("class", "derivation").raw(beside);
    steps(html, "height", lines);
    return html.close().toString();
  }

  /** The height alone. */
  static String heightHtml(OutputSize size) {
    Markup html = new Markup();
    html.open("div").attr("class", "derivation");
    steps(html, "height", lines(size, true));
    return html.close().toString();
  }

  /**
   * Lines of a derivation, each of formulas between which it may break.
   *
   * @param one whether each formula has a line of its own
   */
  static String lines(boolean one, List<List<Formula>> lines) {
    Markup html = new Markup();
    html.open("div").attr("class", "derivation").open("ol").attr("class", "steps");
    for (List<Formula> line : lines) {
      html.open("li");
      for (int n = 0; n < line.size(); n++) {
        html.raw(n == 0 ? "" : one ? "</li><li>" : "\u2002 ").raw(line.get(n).line());
      }
      html.close();
    }
    return html.close().close().toString();
  }

  /** Lines of a derivation, one below the other. */
  static void steps(Markup html, String name, List<String> lines) {
    html.open("ol").attr("class", "steps").attr("aria-label", name);
    for (String line : lines) {
      html.open("li").raw(line).close();
    }
    html.close();
  }

  private static List<String> lines(OutputSize size, boolean height) {
    Axis axis = height ? size.height() : size.width();
    Derivation writer = new Derivation(axis, height);
    List<String> lines = new ArrayList<>();
    Search search = size.search();
    if (search != null) {
      writer.solve(search, lines);
    }
    lines.add(writer.relation(true).with(writer.numbers()).line());
    for (Formula step : writer.steps()) {
      lines.add(step.line());
    }
    int wrong = axis.wrong(size.mistake());
    if (size.mistake() != Mistake.NONE) {
      lines.add(
          wrong == axis.out()
              ? Markup.escaped("The mistake changes nothing here.")
              : "<b class=\"gradient\">"
                  + Markup.escaped(size.mistake().words() + ": " + wrong + " ✗")
                  + "</b>");
    }
    return lines;
  }

  // ---- symbols

  private Formula in() {
    return sym(letter, "x", Role.INPUT);
  }

  private Formula kernel() {
    return sub(sym("K", "w", Role.KERNEL), index(height ? "h" : "w"));
  }

  private Formula out() {
    return sub(sym(letter, "y", Role.OUTPUT), word("out"));
  }

  private static Formula stride() {
    return sym("S", Role.NEUTRAL);
  }

  private static Formula padding() {
    return sym("P", Role.PADDING);
  }

  private static Formula dilation() {
    return sym("D", Role.NEUTRAL);
  }

  /** A product: nothing between letters, a dot where there are numbers. */
  private static Formula times(boolean live, Formula a, Formula b) {
    return row(a, op(live ? "·" : "\u2062"), b);
  }

  /** {@code D(K − 1)}. */
  private Formula stretch(boolean live) {
    return times(live, dilation(), paren(row(kernel(), op("−"), num("1"))));
  }

  /** {@code H + 2P − D(K − 1) − 1}, or what takes its place in the convention. */
  private Formula above(boolean live) {
    if (axis.convention().same()) {
      return in();
    }
    if (axis.convention() == Convention.VALID) {
      return row(in(), op("−"), stretch(live));
    }
    return row(
        in(), op("+"), times(live, num("2"), padding()), op("−"), stretch(live), op("−"), num("1"));
  }

  private Formula relation(boolean live) {
    Formula right =
        switch (axis.convention()) {
          case FLOOR -> row(floor(frac(above(live), stride())), op("+"), num("1"));
          case SAME, SAME_UPPER, SAME_LOWER, VALID -> ceil(frac(above(live), stride()));
          case CEIL -> row(ceil(frac(above(live), stride())), op("+"), num("1"));
          case TRANSPOSED ->
              row(
                  times(live, paren(row(in(), op("−"), num("1"))), stride()),
                  op("−"),
                  times(live, num("2"), padding()),
                  op("+"),
                  stretch(live),
                  op("+"),
                  sym("OP", Role.PADDING),
                  op("+"),
                  num("1"));
        };
    return row(out(), op("="), right);
  }

  // ---- numbers

  private Map<String, String> numbers() {
    Map<String, String> numbers = new LinkedHashMap<>();
    numbers.put("x", text(axis.in()));
    numbers.put("w", text(axis.kernel()));
    numbers.put("S", text(axis.stride()));
    numbers.put("P", text(axis.padding()));
    numbers.put("D", text(axis.dilation()));
    numbers.put("OP", text(axis.outputPadding()));
    return numbers;
  }

  /** The lines after the first, step by step. */
  private List<Formula> steps() {
    List<Formula> steps = new ArrayList<>();
    int stride = axis.stride();
    switch (axis.convention()) {
      case FLOOR -> {
        int above = axis.room();
        int whole = Math.floorDiv(above, stride);
        steps.add(row(op("="), floor(frac(whole(above), whole(stride))), op("+"), num("1")));
        steps.add(row(op("="), floor(quotient(above)), op("+"), num("1")));
        steps.add(row(op("="), whole(whole), op("+"), num("1"), op("="), result()));
      }
      case CEIL -> {
        int above = axis.room();
        int whole = Axis.ceilDiv(above, stride);
        steps.add(row(op("="), ceil(frac(whole(above), whole(stride))), op("+"), num("1")));
        steps.add(row(op("="), ceil(quotient(above)), op("+"), num("1")));
        if (axis.dropsLast()) {
          steps.add(row(op("="), whole(whole), op("+"), num("1"), op("="), whole(whole + 1)));
          steps.add(
              row(
                  op("="),
                  whole(whole + 1),
                  op("−"),
                  num("1"),
                  op("="),
                  result(),
                  word(":\u00a0a window at " + whole * stride + " would start past the input")));
        } else {
          steps.add(row(op("="), whole(whole), op("+"), num("1"), op("="), result()));
        }
      }
      case VALID, SAME, SAME_UPPER, SAME_LOWER -> {
        int above = axis.convention() == Convention.VALID ? axis.in() - axis.span() + 1 : axis.in();
        if (axis.convention() == Convention.VALID) {
          steps.add(row(op("="), ceil(frac(whole(above), whole(stride)))));
        }
        steps.add(row(op("="), ceil(quotient(above)), op("="), result()));
        if (axis.convention().same()) {
          steps.add(
              row(
                  word("pads ="),
                  word("\u00a0max"),
                  paren(
                      row(
                          paren(row(result(), op("−"), num("1"))),
                          op("·"),
                          whole(stride),
                          op("+"),
                          whole(axis.span()),
                          op("−"),
                          whole(axis.in()),
                          op(","),
                          num("0"))),
                  op("="),
                  whole(axis.samePads())));
          steps.add(
              row(
                  whole(axis.before()),
                  word("\u00a0before\u00a0"),
                  op("+"),
                  whole(axis.after()),
                  word("\u00a0after")));
        }
      }
      case TRANSPOSED -> {
        steps.add(
            row(
                op("="),
                whole((axis.in() - 1) * stride),
                op("−"),
                whole(2 * axis.padding()),
                op("+"),
                whole(axis.span() - 1),
                op("+"),
                whole(axis.outputPadding()),
                op("+"),
                num("1")));
        steps.add(row(op("="), result()));
      }
    }
    return steps;
  }

  private Formula quotient(int above) {
    return num(Num.decimal((double) above / axis.stride(), 2));
  }

  private Formula result() {
    return sym("y", "y", Role.OUTPUT).with(Map.of("y", text(axis.out())));
  }

  // ---- solving

  /** The equation with the unknown left in, what it asks of the unknown, and all that answers. */
  private void solve(Search search, List<String> lines) {
    Map<String, String> known = numbers();
    known.put("y", text(wanted(search)));
    switch (search.unknown()) {
      case IN -> known.remove("x");
      case KERNEL -> known.remove("w");
      case STRIDE -> known.remove("S");
      case PADDING -> known.remove("P");
      case DILATION -> known.remove("D");
      default -> {
        known.remove("P");
        known.remove("S");
      }
    }
    lines.add(relation(true).with(known).line());
    if (axis.convention() != Convention.TRANSPOSED) {
      lines.add(bounds(wanted(search)).with(known).line());
    }
    lines.add(Markup.escaped(answer(search)));
    lines.add(Markup.escaped(trial(search)));
  }

  /** A floor or a ceiling is a number exactly where its inside lies between two bounds. */
  private Formula bounds(int wanted) {
    return switch (axis.convention()) {
      case FLOOR -> row(strides(wanted - 1), op("≤"), above(true), op("<"), strides(wanted));
      case CEIL -> row(strides(wanted - 2), op("<"), above(true), op("≤"), strides(wanted - 1));
      default -> row(strides(wanted - 1), op("<"), above(true), op("≤"), strides(wanted));
    };
  }

  private static Formula strides(int count) {
    return row(whole(count), op("·"), stride());
  }

  private String answer(Search search) {
    if (search.unknown() == Unknown.PADDING_STRIDE) {
      return SearchWords.pairs(search, height);
    }
    List<Integer> values = search.solving(height);
    String name =
        search.unknown() == Unknown.IN
            ? letter
            : search.unknown() == Unknown.KERNEL ? "K" : search.unknown().letter();
    if (values.isEmpty()) {
      return "no " + name + " in range gives " + wanted(search);
    }
    StringBuilder out = new StringBuilder(name).append(" = ");
    for (int n = 0; n < values.size(); n++) {
      out.append(n == 0 ? "" : n == values.size() - 1 ? " or " : ", ").append((int) values.get(n));
    }
    return out.toString();
  }

  /** The solution that is put in and drawn: {@code with P = 1:}. */
  private String trial(Search search) {
    String text =
        switch (search.unknown()) {
          case IN -> letter + " = " + axis.in();
          case KERNEL -> "K = " + axis.kernel();
          case STRIDE -> "S = " + axis.stride();
          case PADDING -> "P = " + axis.padding();
          case DILATION -> "D = " + axis.dilation();
          default -> "P = " + axis.padding() + ", S = " + axis.stride();
        };
    return "with " + text + ":";
  }

  private int wanted(Search search) {
    return height ? search.wanted().height() : search.wanted().width();
  }

  private static Formula whole(int value) {
    return num(text(value));
  }

  private static String text(int value) {
    return Num.decimal(value, 0);
  }
}
