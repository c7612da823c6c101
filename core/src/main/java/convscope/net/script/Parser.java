package convscope.net.script;

import convscope.net.script.Token.Kind;
import convscope.net.script.Tree.Argument;
import convscope.net.script.Tree.Expr;
import convscope.net.script.Tree.Loop;
import convscope.net.script.Tree.Parameter;
import convscope.net.script.Tree.Place;
import convscope.net.script.Tree.Stmt;
import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads Python's grammar: statements, and expressions by their precedence. */
final class Parser {
  private static final int DEEPEST = 60; // expressions and blocks inside each other
  private static final Set<String> AUGMENTED =
      Set.of("+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "&=", "|=", "^=");
  private static final Set<String> COMPARING =
      Set.of("==", "!=", "<", ">", "<=", ">=", "in", "is", "not");
  private static final Set<String> RESERVED =
      Set.of(
          "and",
          "as",
          "assert",
          "break",
          "class",
          "continue",
          "def",
          "del",
          "elif",
          "else",
          "except",
          "finally",
          "for",
          "from",
          "global",
          "if",
          "import",
          "in",
          "is",
          "nonlocal",
          "not",
          "or",
          "pass",
          "raise",
          "return",
          "try",
          "while",
          "with",
          "yield");

  /** Signs of binary operators, the weakest first. */
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("|"),
          Set.of("^"),
          Set.of("&"),
          Set.of("<<", ">>"),
          Set.of("+", "-"),
          Set.of("*", "/", "//", "%", "@"));

  private final List<Token> tokens;
  private int at;
  private int depth;
  private boolean yields;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** The statements of a text. */
  static List<Stmt> read(String text) {
    Parser parser = new Parser(Lexer.tokens(text));
    List<Stmt> all = new ArrayList<>();
    while (parser.peek().kind() != Kind.END) {
      if (parser.peek().kind() == Kind.INDENT) {
        throw parser.problem(parser.peek(), "this line is indented for no reason; line it up");
      }
      parser.statement(all);
    }
    return all;
  }

  // ---- statements

  private void statement(List<Stmt> out) {
    deeper();
    Token first = peek();
    Place place = place(first);
    if (first.kind() != Kind.NAME) {
      if (first.is("@")) {
        decorated(out);
      } else {
        simpleLine(out);
      }
      depth--;
      return;
    }
    switch (first.text()) {
      case "def" -> out.add(define(List.of()));
      case "async" -> next();
      case "class" -> out.add(classOf());
      case "if" -> {
        next();
        out.add(branches(place));
      }
      case "for" -> {
        next();
        Expr target = targets();
        expect("in");
        Loop loop = new Loop(target, tuple(), List.of());
        List<Stmt> body = block();
        out.add(new Tree.For(place, loop, body, otherwise()));
      }
      case "while" -> {
        next();
        Expr test = expression();
        List<Stmt> body = block();
        otherwise();
        out.add(new Tree.While(place, test, body));
      }
      case "with" -> {
        next();
        while (!peek().is(":")) {
          next();
          if (peek().kind() == Kind.NEWLINE || peek().kind() == Kind.END) {
            expect(":");
          }
        }
        out.add(new Tree.Block(place, block()));
      }
      case "try" -> attempt(place, out);
      default -> simpleLine(out);
    }
    depth--;
  }

  private void attempt(Place place, List<Stmt> out) {
    next();
    List<Stmt> body = new ArrayList<>(block());
    while (peek().is("except") || peek().is("finally") || peek().is("else")) {
      boolean runs = !next().is("except");
      while (!peek().is(":") && peek().kind() != Kind.NEWLINE && peek().kind() != Kind.END) {
        next();
      }
      List<Stmt> more = block();
      if (runs) {
        body.addAll(more);
      }
    }
    out.add(new Tree.Block(place, body));
  }

  private Stmt branches(Place place) {
    Expr test = expression();
    List<Stmt> then = block();
    if (peek().is("elif")) {
      Place at = place(next());
      return new Tree.If(place, test, then, List.of(branches(at)));
    }
    return new Tree.If(place, test, then, otherwise());
  }

  private List<Stmt> otherwise() {
    if (!peek().is("else")) {
      return List.of();
    }
    next();
    return block();
  }

  private List<Stmt> block() {
    expect(":");
    List<Stmt> body = new ArrayList<>();
    if (peek().kind() != Kind.NEWLINE) {
      simpleLine(body);
      return body;
    }
    next();
    if (peek().kind() != Kind.INDENT) {
      throw problem(peek(), "an indented block should follow the colon; add it, or “pass”");
    }
    next();
    while (peek().kind() != Kind.DEDENT && peek().kind() != Kind.END) {
      if (peek().kind() == Kind.INDENT) {
        throw problem(peek(), "this line is indented further than its block; line it up");
      }
      statement(body);
    }
    if (peek().kind() == Kind.DEDENT) {
      next();
    }
    return body;
  }

  private void decorated(List<Stmt> out) {
    List<Expr> decorators = new ArrayList<>();
    while (peek().is("@")) {
      next();
      decorators.add(expression());
      endOfLine();
    }
    out.add(peek().is("class") ? classOf() : define(decorators));
  }

  private Stmt define(List<Expr> decorators) {
    Place place = place(peek());
    expect("def");
    String name = name();
    expect("(");
    List<Parameter> parameters = parameters(")");
    expect(")");
    if (peek().is("->")) {
      next();
      expression();
    }
    boolean before = yields;
    yields = false;
    List<Stmt> body = block();
    Stmt made = new Tree.Define(place, name, parameters, body, decorators, yields);
    yields = before;
    return made;
  }

  private List<Parameter> parameters(String end) {
    List<Parameter> all = new ArrayList<>();
    boolean keywordOnly = false;
    while (!peek().is(end)) {
      int stars = peek().is("*") ? 1 : peek().is("**") ? 2 : 0;
      if (stars > 0 || peek().is("/")) {
        next();
      }
      if (peek().kind() == Kind.NAME) {
        String name = name();
        if (end.equals(")") && peek().is(":")) {
          next();
          expression();
        }
        Expr otherwise = null;
        if (peek().is("=")) {
          next();
          otherwise = expression();
        }
        all.add(new Parameter(name, stars, keywordOnly, otherwise));
      }
      keywordOnly |= stars == 1;
      if (!peek().is(end)) {
        expect(",");
      }
    }
    return all;
  }

  private Stmt classOf() {
    Place place = place(next());
    String name = name();
    List<Argument> bases = new ArrayList<>();
    if (peek().is("(")) {
      next();
      bases = arguments();
    }
    return new Tree.ClassOf(place, name, bases, block());
  }

  private void simpleLine(List<Stmt> out) {
    simple(out);
    while (peek().is(";")) {
      next();
      if (peek().kind() == Kind.NEWLINE) {
        break;
      }
      simple(out);
    }
    endOfLine();
  }

  private void endOfLine() {
    Token token = peek();
    if (token.kind() == Kind.NEWLINE) {
      next();
    } else if (token.kind() != Kind.END && token.kind() != Kind.DEDENT) {
      throw problem(
          token, "“" + word(token) + "” after the end of a statement; begin a new line before it");
    }
  }

  private void simple(List<Stmt> out) {
    Token first = peek();
    Place place = place(first);
    switch (first.kind() == Kind.NAME ? first.text() : "") {
      case "pass", "break", "continue" -> out.add(new Tree.Word(place, next().text()));
      case "return" -> {
        next();
        out.add(new Tree.Return(place, ends() ? null : tuple()));
      }
      case "yield" -> {
        next();
        yields = true;
        boolean all = peek().is("from");
        if (all) {
          next();
        }
        out.add(new Tree.Yield(place, tuple(), all));
      }
      case "raise" -> {
        next();
        out.add(new Tree.Raise(place, ends() ? null : tuple()));
        if (peek().is("from")) {
          next();
          expression();
        }
      }
      case "assert" -> {
        next();
        Expr test = expression();
        Expr message = null;
        if (peek().is(",")) {
          next();
          message = expression();
        }
        out.add(new Tree.Assert(place, test, message));
      }
      case "del" -> {
        next();
        tuple();
        out.add(new Tree.Word(place, "pass"));
      }
      case "global", "nonlocal" -> {
        next();
        List<String> names = new ArrayList<>(List.of(name()));
        while (peek().is(",")) {
          next();
          names.add(name());
        }
        out.add(new Tree.Outer(place, names));
      }
      case "import" -> imports(place, out);
      case "from" -> importFrom(place, out);
      default -> assignment(place, out);
    }
  }

  private boolean ends() {
    return peek().kind() == Kind.NEWLINE || peek().kind() == Kind.END || peek().is(";");
  }

  private void imports(Place place, List<Stmt> out) {
    do {
      next(); // import, or a comma
      String module = dotted();
      int dot = module.indexOf('.');
      String name = dot < 0 ? module : module.substring(0, dot);
      if (peek().is("as")) {
        next();
        out.add(new Tree.Import(place, module, "", name()));
      } else {
        out.add(new Tree.Import(place, name, "", name));
      }
    } while (peek().is(","));
  }

  private void importFrom(Place place, List<Stmt> out) {
    next();
    while (peek().is(".") || peek().is("...")) {
      next(); // of a package of one's own
    }
    String module = peek().is("import") ? "" : dotted();
    expect("import");
    boolean bracket = peek().is("(");
    if (bracket) {
      next();
    }
    if (peek().is("*")) {
      next();
      out.add(new Tree.Import(place, module, "*", ""));
      return;
    }
    while (peek().kind() == Kind.NAME) {
      String item = name();
      String as = item;
      if (peek().is("as")) {
        next();
        as = name();
      }
      out.add(new Tree.Import(place, module, item, as));
      if (!peek().is(",")) {
        break;
      }
      next();
    }
    if (bracket) {
      expect(")");
    }
  }

  private String dotted() {
    StringBuilder module = new StringBuilder(name());
    while (peek().is(".")) {
      next();
      module.append('.').append(name());
    }
    return module.toString();
  }

  private void assignment(Place place, List<Stmt> out) {
    Expr first = tuple();
    if (peek().kind() == Kind.OPERATOR && AUGMENTED.contains(peek().text())) {
      String sign = next().text();
      out.add(new Tree.Augment(place, first, sign.substring(0, sign.length() - 1), tuple()));
      return;
    }
    if (peek().is(":")) { // an annotation
      next();
      expression();
      if (!peek().is("=")) {
        return;
      }
    }
    List<Expr> targets = new ArrayList<>();
    Expr value = first;
    while (peek().is("=")) {
      next();
      targets.add(value);
      value = tuple();
    }
    out.add(
        targets.isEmpty() ? new Tree.Run(place, value) : new Tree.Assign(place, targets, value));
  }

  // ---- expressions

  /** Expressions separated by commas, or one alone. */
  private Expr tuple() {
    Expr first = item();
    if (!peek().is(",")) {
      return first;
    }
    List<Expr> items = new ArrayList<>(List.of(first));
    while (peek().is(",")) {
      next();
      if (ends() || peek().is("=") || peek().is(")") || peek().is("]") || peek().is(":")) {
        break;
      }
      items.add(item());
    }
    return new Tree.Items(first.place(), '(', items);
  }

  private Expr item() {
    if (peek().is("*")) {
      Place place = place(next());
      return new Tree.Starred(place, binary(0));
    }
    return expression();
  }

  /** What a loop binds: names, or tuples of them. */
  private Expr targets() {
    List<Expr> items = new ArrayList<>();
    boolean comma = false;
    while (!peek().is("in")) {
      Place place = place(peek());
      boolean star = peek().is("*");
      if (star) {
        next();
      }
      Expr target = postfix();
      items.add(star ? new Tree.Starred(place, target) : target);
      if (!peek().is(",")) {
        break;
      }
      next();
      comma = true;
    }
    if (items.isEmpty()) {
      throw problem(peek(), "a name should stand between “for” and “in”; add it");
    }
    return items.size() == 1 && !comma
        ? items.get(0)
        : new Tree.Items(items.get(0).place(), '(', items);
  }

  private Expr expression() {
    deeper();
    Expr value = conditional();
    depth--;
    return value;
  }

  private Expr conditional() {
    Token first = peek();
    if (first.is("lambda")) {
      next();
      List<Parameter> parameters = parameters(":");
      expect(":");
      return new Tree.Lambda(place(first), parameters, expression());
    }
    Expr value = or();
    if (peek().is(":=") && value instanceof Tree.Name name) {
      next();
      return new Tree.Walrus(value.place(), name.id(), expression());
    }
    if (!peek().is("if")) {
      return value;
    }
    next();
    Expr test = or();
    expect("else");
    return new Tree.Conditional(value.place(), test, value, expression());
  }

  private Expr or() {
    Expr left = and();
    while (peek().is("or")) {
      next();
      left = new Tree.Logic(left.place(), false, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (peek().is("and")) {
      next();
      left = new Tree.Logic(left.place(), true, left, not());
    }
    return left;
  }

  private Expr not() {
    if (peek().is("not")) {
      Place place = place(next());
      deeper();
      Expr operand = not();
      depth--;
      return new Tree.Unary(place, "not", operand);
    }
    Expr first = binary(0);
    if (!COMPARING.contains(word(peek())) || peek().kind() == Kind.STRING) {
      return first;
    }
    List<String> signs = new ArrayList<>();
    List<Expr> operands = new ArrayList<>(List.of(first));
    while (peek().kind() != Kind.STRING && COMPARING.contains(word(peek()))) {
      String sign = next().text();
      if (sign.equals("not")) {
        expect("in");
        sign = "not in";
      } else if (sign.equals("is") && peek().is("not")) {
        next();
        sign = "is not";
      }
      signs.add(sign);
      operands.add(binary(0));
    }
    return new Tree.Comparison(first.place(), signs, operands);
  }

  private Expr binary(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    Expr left = binary(level + 1);
    while (peek().kind() == Kind.OPERATOR && LEVELS.get(level).contains(peek().text())) {
      String sign = next().text();
      left = new Tree.Binary(left.place(), sign, left, binary(level + 1));
    }
    return left;
  }

  private Expr unary() {
    Token first = peek();
    if (first.is("-") || first.is("+") || first.is("~")) {
      next();
      deeper();
      Expr operand = unary();
      depth--;
      return new Tree.Unary(place(first), first.text(), operand);
    }
    Expr base = postfix();
    if (peek().is("**")) {
      next();
      return new Tree.Binary(base.place(), "**", base, unary());
    }
    return base;
  }

  private Expr postfix() {
    if (peek().is("await")) {
      next();
    }
    Expr value = atom();
    while (true) {
      Token token = peek();
      if (token.is("(")) {
        next();
        // a method on a line of its own is called there, as Python has it
        Place place = value instanceof Tree.Attribute method ? method.place() : value.place();
        value = new Tree.Call(place, value, arguments());
      } else if (token.is(".")) {
        next();
        Token name = peek();
        boolean below = name.line() != value.place().line();
        value = new Tree.Attribute(below ? place(name) : value.place(), value, name());
      } else if (token.is("[")) {
        next();
        value = new Tree.Subscript(value.place(), value, index());
        expect("]");
      } else {
        return value;
      }
    }
  }

  private Expr index() {
    Place place = place(peek());
    List<Expr> items = new ArrayList<>();
    boolean comma = false;
    while (!peek().is("]")) {
      items.add(slice());
      if (!peek().is(",")) {
        break;
      }
      next();
      comma = true;
    }
    if (items.isEmpty()) {
      throw problem(peek(), "the index is missing; give a number or a slice");
    }
    return items.size() == 1 && !comma ? items.get(0) : new Tree.Items(place, '(', items);
  }

  private Expr slice() {
    Place place = place(peek());
    Expr start = peek().is(":") ? null : item();
    if (!peek().is(":")) {
      return start == null ? expression() : start;
    }
    next();
    Expr stop = bound();
    Expr step = null;
    if (peek().is(":")) {
      next();
      step = bound();
    }
    return new Tree.SliceOf(place, start, stop, step);
  }

  private @Nullable Expr bound() {
    return peek().is(":") || peek().is("]") || peek().is(",") ? null : expression();
  }

  private List<Argument> arguments() {
    List<Argument> all = new ArrayList<>();
    while (!peek().is(")")) {
      int stars = peek().is("*") ? 1 : peek().is("**") ? 2 : 0;
      if (stars > 0) {
        next();
      }
      String keyword = null;
      if (peek().kind() == Kind.NAME && tokens.get(at + 1).is("=")) {
        keyword = name();
        next();
      }
      Expr value = expression();
      if (peek().is("for")) {
        value = comprehension(value.place(), '(', value, null);
      }
      all.add(new Argument(keyword, stars, value));
      if (!peek().is(")")) {
        expect(",");
      }
    }
    next();
    return all;
  }

  private Expr comprehension(Place place, char bracket, Expr element, @Nullable Expr value) {
    List<Loop> loops = new ArrayList<>();
    while (peek().is("for")) {
      next();
      Expr target = targets();
      expect("in");
      Expr items = or();
      List<Expr> tests = new ArrayList<>();
      while (peek().is("if")) {
        next();
        tests.add(or());
      }
      loops.add(new Loop(target, items, tests));
    }
    return new Tree.Comprehension(place, bracket, element, value, loops);
  }

  private Expr atom() {
    Token token = next();
    Place place = place(token);
    switch (token.kind()) {
      case NUMBER -> {
        return new Tree.Constant(place, number(token));
      }
      case STRING, FORMAT -> {
        return strings(token);
      }
      case NAME -> {
        switch (token.text()) {
          case "True" -> {
            return new Tree.Constant(place, true);
          }
          case "False" -> {
            return new Tree.Constant(place, false);
          }
          case "None" -> {
            return new Tree.Constant(place, None.NONE);
          }
          default -> {
            if (!RESERVED.contains(token.text())) {
              return new Tree.Name(place, token.text());
            }
          }
        }
      }
      case OPERATOR -> {
        switch (token.text()) {
          case "..." -> {
            return new Tree.Constant(place, None.ELLIPSIS);
          }
          case "(" -> {
            return bracketed(place, '(', ")");
          }
          case "[" -> {
            return bracketed(place, '[', "]");
          }
          case "{" -> {
            return braces(place);
          }
          default -> {}
        }
      }
      default -> {}
    }
    if (token.kind() == Kind.OPERATOR || token.kind() == Kind.NAME) {
      throw problem(
          token, "“" + token.text() + "” where a value should be; give a layer, number or name");
    }
    throw problem(token, "the line ends where a value should be; add it, or close the brackets");
  }

  private Expr bracketed(Place place, char bracket, String end) {
    List<Expr> items = new ArrayList<>();
    boolean comma = false;
    while (!peek().is(end)) {
      Expr item = item();
      if (peek().is("for")) {
        Expr made = comprehension(place, bracket, item, null);
        close(place, end);
        return made;
      }
      items.add(item);
      if (!peek().is(",")) {
        break;
      }
      next();
      comma = true;
    }
    close(place, end);
    boolean alone = bracket == '(' && items.size() == 1 && !comma;
    return alone ? items.get(0) : new Tree.Items(place, bracket, items);
  }

  private Expr braces(Place place) {
    List<@Nullable Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!peek().is("}")) {
      if (peek().is("**")) {
        next();
        keys.add(null);
        values.add(expression());
      } else {
        Expr key = item();
        if (!peek().is(":")) {
          return set(place, key);
        }
        next();
        Expr value = expression();
        if (peek().is("for")) {
          Expr made = comprehension(place, '{', key, value);
          close(place, "}");
          return made;
        }
        keys.add(key);
        values.add(value);
      }
      if (!peek().is(",")) {
        break;
      }
      next();
    }
    close(place, "}");
    return new Tree.Pairs(place, keys, values);
  }

  private Expr set(Place place, Expr first) {
    List<Expr> items = new ArrayList<>(List.of(first));
    if (peek().is("for")) {
      Expr made = comprehension(place, '[', first, null);
      close(place, "}");
      return made;
    }
    while (peek().is(",")) {
      next();
      if (!peek().is("}")) {
        items.add(item());
      }
    }
    close(place, "}");
    return new Tree.Items(place, '[', items);
  }

  private void close(Place place, String end) {
    if (peek().is(end)) {
      next();
    } else if (peek().kind() == Kind.END || peek().kind() == Kind.NEWLINE) {
      throw new ScriptException(
          place.line(), place.column(), "this bracket is never closed; add “" + end + "”");
    } else {
      expect(end);
    }
  }

  private Expr strings(Token first) {
    Place place = place(first);
    List<Expr> parts = new ArrayList<>();
    Token token = first;
    while (true) {
      if (token.kind() == Kind.STRING) {
        parts.add(new Tree.Constant(place, token.text()));
      } else {
        format(token, parts);
      }
      if (peek().kind() != Kind.STRING && peek().kind() != Kind.FORMAT) {
        break;
      }
      token = next();
    }
    return parts.size() == 1 && parts.get(0) instanceof Tree.Constant
        ? parts.get(0)
        : new Tree.Format(place, parts);
  }

  private void format(Token token, List<Expr> parts) {
    String text = token.text();
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c == '{' || c == '}') && i + 1 < text.length() && text.charAt(i + 1) == c) {
        plain.append(c);
        i++;
      } else if (c == '{') {
        int end = text.indexOf('}', i);
        if (end < 0) {
          throw problem(token, "a brace of this text is never closed; add “}”");
        }
        String inner = text.substring(i + 1, end);
        int colon = inner.indexOf(':');
        inner = colon >= 0 ? inner.substring(0, colon) : inner;
        parts.add(new Tree.Constant(place(token), plain.toString()));
        plain.setLength(0);
        Parser nested = new Parser(Lexer.tokens(inner.replace("!r", "").replace("=", "")));
        nested.depth = depth + 1;
        parts.add(nested.expression());
        i = end;
      } else {
        plain.append(c);
      }
    }
    parts.add(new Tree.Constant(place(token), plain.toString()));
  }

  private Object number(Token token) {
    String text = token.text();
    boolean whole = true;
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      whole &= c >= '0' && c <= '9' && value < Long.MAX_VALUE / 10 - 1;
      value = whole ? 10 * value + (c - '0') : value;
    }
    if (whole) {
      return value;
    }
    double real = Num.parse(text);
    if (Double.isNaN(real)) {
      throw problem(token, "“" + text + "” is no number; write it as 3 or 0.1");
    }
    return real;
  }

  // ---- words

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  private String name() {
    Token token = next();
    if (token.kind() != Kind.NAME) {
      throw problem(token, "“" + word(token) + "” where a name should be; give a name");
    }
    return token.text();
  }

  private void expect(String word) {
    Token token = peek();
    if (!token.is(word)) {
      throw problem(token, "“" + word(token) + "” where “" + word + "” should be; add it");
    }
    next();
  }

  private static String word(Token token) {
    return switch (token.kind()) {
      case NEWLINE -> "end of line";
      case INDENT, DEDENT -> "indentation";
      case END -> "end of text";
      default -> token.text();
    };
  }

  private void deeper() {
    if (++depth > DEEPEST) {
      throw problem(peek(), "more than " + DEEPEST + " levels inside each other; nest less deeply");
    }
  }

  private static Place place(Token token) {
    return new Place(token.line(), token.column());
  }

  private ScriptException problem(Token token, String sentence) {
    return new ScriptException(token.line(), token.column(), sentence);
  }
}
