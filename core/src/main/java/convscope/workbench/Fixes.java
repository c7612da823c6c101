package convscope.workbench;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.net.text.Dialects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The smallest changes after which a broken network runs: a number of the layer that fails, of the
 * layers before it, or of the input. Each has been tried: the changed network was run.
 */
final class Fixes {
  private static final String LINE = String.valueOf('\n');
  private static final int MOST = 5;
  private static final int MOST_OF_A_LINE = 2;
  private static final int MOST_RUNS = 400;
  private static final double PATIENCE = 700; // ms
  private static final int SMALL = 32; // a kernel, a stride, a padding
  private static final long WIDEST = 4096; // channels or pixels of an input worth proposing

  /**
   * A change.
   *
   * @param label what it does
   * @param code the line after it, or empty if the input changes
   * @param line of the text, or 0
   * @param input as the reader would write it
   * @param next what is wrong after it; empty if the network then runs
   */
  record Fix(String label, String code, int line, String text, String input, String next) {}

  private final String text;
  private final String[] lines;
  private final long @Nullable [] input;
  private final Graph broken;
  private final Graph.Fault fault;
  private final List<Long> said;
  private final DoubleSupplier clock;
  private final double until;
  private final List<Fix> cures = new ArrayList<>();
  private final List<Fix> steps = new ArrayList<>(); // after which something else is wrong
  private final Set<String> tried = new HashSet<>();
  private int ofLine; // cures of the place at hand

  private Fixes(String text, Reading reading, Graph.Fault fault, DoubleSupplier clock) {
    this.text = text;
    this.lines = lines(text);
    this.input = reading.input();
    this.broken = reading.graph();
    this.fault = fault;
    this.said = numbers(fault.message());
    this.clock = clock;
    this.until = clock.getAsDouble() + PATIENCE;
  }

  /**
   * Changes that mend a network, the nearest first; if none does, those that get it further.
   *
   * @param clock milliseconds
   */
  static List<Fix> of(String text, Reading reading, DoubleSupplier clock) {
    Graph.Fault fault = reading.graph().fault();
    if (fault == null || reading.graph().nodes().isEmpty()) {
      return List.of();
    }
    Fixes fixes = new Fixes(text, reading, fault, clock);
    fixes.find();
    return fixes.cures.isEmpty() ? fixes.steps : fixes.cures;
  }

  private void find() {
    Set<Integer> places = new HashSet<>();
    int failing = fault.made() > 0 ? fault.made() : fault.line();
    place(failing, places, true);
    place(fault.line(), places, true);
    flatten(failing);
    List<Graph.Node> steps = broken.nodes();
    for (int i = steps.size() - 1; i > 0 && i >= steps.size() - 4 && fault.path().isEmpty(); i--) {
      place(steps.get(i).line(), places, false);
    }
    List<Graph.Layer> layers = broken.layers();
    for (int i = layers.size() - 1, before = 0; i >= 0 && before < 6; i--) {
      if (places.size() > 9) {
        break;
      }
      Graph.Layer layer = layers.get(i);
      boolean shapes = layer.parameters() > 0 || layer.type().contains("Pool");
      if (shapes && layer.line() > 0) {
        before++;
        place(layer.line(), places, false);
      }
    }
    inputs();
  }

  private boolean over() {
    return cures.size() >= MOST || tried.size() > MOST_RUNS || clock.getAsDouble() > until;
  }

  // ---- one line

  private void place(int line, Set<Integer> places, boolean failing) {
    if (line < 1 || line > lines.length || !places.add(line)) {
      return;
    }
    ofLine = 0;
    String code = lines[line - 1];
    List<int[]> found = tokens(code);
    for (int[] token : found) {
      String old = code.substring(token[0], token[1]);
      for (String fresh : instead(old)) {
        if (over() || ofLine >= MOST_OF_A_LINE) {
          return;
        }
        attempt(line, code.substring(0, token[0]) + fresh + code.substring(token[1]), old, fresh);
      }
    }
    padded(line, code);
    boolean alone = code.strip().startsWith("nn.") && code.strip().endsWith(",");
    if (alone && code.contains("Pool")) {
      attempt(line, null, code.strip(), "");
    }
    if (failing) {
      for (int[] token : found) { // last, since it is the least like what was meant
        String old = code.substring(token[0], token[1]);
        boolean factor =
            code.substring(token[1]).strip().startsWith("*")
                || code.substring(0, token[0]).strip().endsWith("*");
        if (!over() && ofLine < MOST_OF_A_LINE && old.length() < 3 && !factor) {
          attempt(line, code.substring(0, token[0]) + "1" + code.substring(token[1]), old, "1");
        }
      }
    }
  }

  /** Places of whole numbers, and of products of such, in a line of code. */
  static List<int[]> tokens(String code) {
    List<int[]> found = new ArrayList<>();
    char quote = 0;
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
        continue;
      }
      if (c == '#') {
        break;
      }
      if (c == '"' || c == '\'') {
        quote = c;
      }
      boolean word =
          i > 0
              && (Character.isLetterOrDigit(code.charAt(i - 1))
                  || "_.".indexOf(code.charAt(i - 1)) >= 0);
      if (!digit(c) || word) {
        continue;
      }
      int end = number(code, i);
      if (end < code.length()
          && (code.charAt(end) == '.' || Character.isLetter(code.charAt(end)))) {
        i = end;
        continue;
      }
      if (code.startsWith("):", end)) {
        i = end; // the name of a module in what print shows
        continue;
      }
      int first = end;
      int next = product(code, end);
      while (next > end) {
        end = next;
        next = product(code, end);
      }
      found.add(new int[] {i, end});
      if (end > first) { // and each factor
        for (int at = i; at < end; at++) {
          if (digit(code.charAt(at))) {
            int to = number(code, at);
            found.add(new int[] {at, to});
            at = to;
          }
        }
      }
      i = end;
    }
    return found;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int number(String code, int from) {
    int end = from;
    while (end < code.length() && digit(code.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Where {@code * 5} behind a number ends; the place itself if there is no such. */
  private static int product(String code, int from) {
    int at = from;
    while (at < code.length() && code.charAt(at) == ' ') {
      at++;
    }
    if (at >= code.length() || code.charAt(at) != '*') {
      return from;
    }
    at++;
    while (at < code.length() && code.charAt(at) == ' ') {
      at++;
    }
    int end = number(code, at);
    return end > at ? end : from;
  }

  /** What to put in the place of a number. */
  private List<String> instead(String old) {
    List<String> fresh = new ArrayList<>();
    boolean product = old.contains("*");
    long value = 1;
    for (long factor : all(old)) {
      value = Math.min(Long.MAX_VALUE >> 32, value * Math.max(1, Math.min(factor, 1 << 20)));
    }
    String message = fault.message();
    boolean named =
        message.contains(" is " + value + ",") || message.contains(" has " + value + " ");
    for (long number : said) {
      boolean near = number <= 4 * value && value <= 4 * number;
      if (number < 1 || number == value || !(product || named || near)) {
        continue;
      }
      String factors = product ? factors(number) : "";
      fresh.add(factors.isEmpty() ? Long.toString(number) : factors);
    }
    if (!product && value <= SMALL) {
      fresh.add(Long.toString(value + 1));
      if (value > 1) {
        fresh.add(Long.toString(value - 1));
        fresh.add(Long.toString(value * 2));
        if (value % 2 == 0) {
          fresh.add(Long.toString(value / 2));
        }
      }
    }
    return fresh;
  }

  /** The axes behind the batch whose product that is, if the message names such a shape. */
  private String factors(long number) {
    String message = fault.message();
    for (int at = message.indexOf('×'); at >= 0; at = message.indexOf('×', at + 1)) {
      List<Long> shape = all(around(message, at));
      long product = 1;
      StringBuilder out = new StringBuilder();
      for (int i = 1; i < shape.size(); i++) {
        product *= Math.max(1, shape.get(i));
        out.append(i > 1 ? " * " : "").append(shape.get(i));
      }
      if (shape.size() > 2 && product == number) {
        return out.toString();
      }
    }
    return "";
  }

  /** The sizes that a cross stands between: {@code 1×16×4×4}. */
  private static String around(String message, int cross) {
    int from = cross;
    while (from > 0 && (digit(message.charAt(from - 1)) || message.charAt(from - 1) == '×')) {
      from--;
    }
    int to = cross;
    while (to < message.length() && (digit(message.charAt(to)) || message.charAt(to) == '×')) {
      to++;
    }
    return message.substring(from, to);
  }

  private static String[] lines(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      lines.add(text.substring(from, at));
      from = at + 1;
    }
    lines.add(text.substring(from));
    return lines.toArray(new String[0]);
  }

  private void padded(int line, String code) {
    int call = -1;
    for (String layer : List.of("Conv1d(", "Conv2d(", "Pool2d(", "Pool1d(", "ConvTranspose2d(")) {
      int at = code.indexOf(layer);
      call = at >= 0 ? at + layer.length() : call;
    }
    if (call < 0) {
      return;
    }
    int end = call;
    for (int depth = 1; end < code.length(); end++) {
      depth += code.charAt(end) == '(' ? 1 : code.charAt(end) == ')' ? -1 : 0;
      if (depth == 0) {
        break;
      }
    }
    if (end >= code.length()) {
      return; // the call goes on in the next line
    }
    String inside = code.substring(call, end);
    String before = code.substring(0, end);
    if (!inside.contains("padding")) {
      for (long padding : List.of(1L, 2L, 3L, 4L)) {
        keyword(line, before, ", padding=" + padding, code.substring(end));
      }
    }
    if (code.contains("ConvTranspose") && !inside.contains("output_padding")) {
      keyword(line, before, ", output_padding=1", code.substring(end));
    }
  }

  private void keyword(int line, String before, String added, String after) {
    if (!over() && ofLine < MOST_OF_A_LINE) {
      attempt(line, before + added + after, "", added.substring(2));
    }
  }

  /** Flattens before a linear layer in a stack. */
  private void flatten(int line) {
    if (line < 1 || line > lines.length || !fault.message().startsWith("Linear")) {
      return;
    }
    String code = lines[line - 1];
    int indent = code.length() - code.stripLeading().length();
    if (code.strip().startsWith("nn.Linear")) {
      ofLine = 0;
      attempt(
          line, code.substring(0, indent) + "nn.Flatten(),\n" + code, "", "nn.Flatten() before it");
    }
  }

  // ---- the input

  private void inputs() {
    long[] shape = input;
    if (shape == null || shape.length < 2) {
      return;
    }
    ofLine = 0;
    for (long number : said) {
      if (number >= 1 && number <= WIDEST && number != shape[1]) {
        long[] other = shape.clone();
        other[1] = number;
        attempt(other);
      }
    }
    if (shape.length < 3) {
      return;
    }
    List<long[]> sizes = new ArrayList<>();
    for (long of : new long[] {2, 4, 8, 16, 32}) {
      sizes.add(rounded(shape, of, 0));
      sizes.add(rounded(shape, of, of - 1));
    }
    for (long size : new long[] {28, 32, 64, 96, 128, 224, 256}) {
      long[] other = shape.clone();
      Arrays.fill(other, 2, other.length, size);
      sizes.add(other);
    }
    sizes.sort((a, b) -> Long.compare(distance(a, shape), distance(b, shape)));
    for (long[] other : sizes) {
      attempt(other);
    }
  }

  private static long[] rounded(long[] shape, long of, long up) {
    long[] other = shape.clone();
    for (int i = 2; i < other.length; i++) {
      other[i] = Math.max(of, (other[i] + up) / of * of);
    }
    return other;
  }

  private static long distance(long[] a, long[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  // ---- trying

  private void attempt(long[] shape) {
    long[] now = input;
    if (over() || ofLine >= MOST_OF_A_LINE || now == null || Arrays.equals(shape, now)) {
      return;
    }
    String sizes = Sizes.text(shape);
    String label = "Input: " + Sizes.text(now) + " → " + sizes;
    attempt(new Fix(label, "", 0, text, sizes, ""), shape);
  }

  /** Tries a line; null takes it out. */
  private void attempt(int line, @Nullable String code, String old, String fresh) {
    if (code != null && code.equals(lines[line - 1])) {
      return;
    }
    StringBuilder changed = new StringBuilder();
    for (int i = 0; i < lines.length; i++) {
      if (i != line - 1) {
        changed.append(lines[i]).append(i + 1 < lines.length ? LINE : "");
      } else if (code != null) {
        changed.append(code).append(i + 1 < lines.length ? LINE : "");
      }
    }
    String what =
        code == null ? "take it out" : old.isEmpty() ? "add " + fresh : old + " → " + fresh;
    String sizes = input == null ? "" : Sizes.text(input);
    attempt(
        new Fix(
            "Line " + line + ": " + what,
            code == null ? old : code.strip(),
            line,
            changed.toString(),
            sizes,
            ""),
        input);
  }

  private void attempt(Fix fix, long @Nullable [] shape) {
    if (!tried.add(fix.input() + '\n' + fix.text())) {
      return;
    }
    Graph graph = Dialects.read(fix.text(), shape);
    Graph.Fault next = graph.fault();
    if (next == null) {
      cures.add(fix);
      ofLine++;
    } else if (steps.size() < MOST && graph.layers().size() > broken.layers().size()) {
      String why = next.path().isEmpty() ? "line " + next.line() : next.path();
      steps.add(new Fix(fix.label(), fix.code(), fix.line(), fix.text(), fix.input(), why));
    }
  }

  /** The whole numbers in a sentence, each once, in order. */
  static List<Long> numbers(String sentence) {
    List<Long> once = new ArrayList<>();
    for (long number : all(sentence)) {
      if (!once.contains(number)) {
        once.add(number);
      }
    }
    return once;
  }

  private static List<Long> all(String sentence) {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < sentence.length(); i++) {
      if (digit(sentence.charAt(i))) {
        int end = number(sentence, i);
        char before = i > 0 ? sentence.charAt(i - 1) : ' ';
        if ((before == '×' || !Character.isLetter(before)) && end - i < 10) {
          numbers.add(Long.parseLong(sentence.substring(i, end)));
        }
        i = end;
      }
    }
    return numbers;
  }
}
