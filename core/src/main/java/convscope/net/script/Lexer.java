package convscope.net.script;

import convscope.net.script.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Splits Python's text into words; indentation becomes words of its own. */
final class Lexer {
  private static final String[] OPERATORS = {
    "**=", "//=", ">>=", "<<=", "...", "->", ":=", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=",
    "%=", "@=", "&=", "|=", "^=", "**", "//", "<<", ">>", "(", ")", "[", "]", "{", "}", ",", ":",
    ".", ";", "=", "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">"
  };

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private final List<Integer> indents = new ArrayList<>(List.of(0));
  private int at;
  private int line = 1;
  private int lineStart;
  private int brackets;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    lexer.all();
    return lexer.tokens;
  }

  private void all() {
    boolean fresh = true; // at the beginning of a logical line
    while (at < text.length()) {
      if (fresh) {
        indentation();
        fresh = false;
        continue;
      }
      char c = text.charAt(at);
      if (c == '\n') {
        if (brackets == 0) {
          newline();
          fresh = true;
        }
        at++;
        line++;
        lineStart = at;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u00a0') {
        at++;
      } else if (c == '#') {
        comment();
      } else if (c == '\\' && rest(1).startsWith("\n")) {
        at += 2;
        line++;
        lineStart = at;
      } else {
        word(c);
      }
    }
    newline();
    while (indents.size() > 1) {
      indents.remove(indents.size() - 1);
      add(Kind.DEDENT, "", at);
    }
    add(Kind.END, "", at);
  }

  private String rest(int ahead) {
    int from = at + ahead;
    if (text.startsWith("\r\n", from)) {
      return "\n";
    }
    return from < text.length() ? text.substring(from, from + 1) : "";
  }

  private void comment() {
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
  }

  private void newline() {
    if (!tokens.isEmpty()) {
      Kind last = tokens.get(tokens.size() - 1).kind();
      if (last != Kind.NEWLINE && last != Kind.INDENT && last != Kind.DEDENT) {
        add(Kind.NEWLINE, "", at);
      }
    }
  }

  /** The blanks before a line that is not empty; the prompts of an interpreter are passed over. */
  private void indentation() {
    if (text.startsWith(">>> ", at) || text.startsWith("... ", at)) {
      at += 4;
    }
    int width = 0;
    int begin = at;
    while (at < text.length() && isBlank(text.charAt(at))) {
      width = text.charAt(at) == '\t' ? width / 8 * 8 + 8 : width + 1;
      at++;
    }
    if (at >= text.length() || text.charAt(at) == '#' || text.charAt(at) == '\n') {
      return;
    }
    if (text.startsWith("\r", at)) {
      return;
    }
    int now = indents.get(indents.size() - 1);
    if (tokens.isEmpty() && indents.size() == 1) {
      indents.set(0, width); // a text that is indented as a whole
    } else if (width > now) {
      indents.add(width);
      add(Kind.INDENT, "", begin);
    } else {
      while (width < indents.get(indents.size() - 1) && indents.size() > 1) {
        indents.remove(indents.size() - 1);
        add(Kind.DEDENT, "", at);
      }
      if (width > indents.get(indents.size() - 1)) {
        throw problem(at, "this line is indented like none before it; line it up with its block");
      }
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\u00a0' || c == '\f';
  }

  private void word(char c) {
    int start = at;
    if (isLetter(c)) {
      while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
        at++;
      }
      String name = text.substring(start, at);
      if (at < text.length() && isQuote(text.charAt(at)) && isPrefix(name)) {
        string(start, name);
      } else {
        add(Kind.NAME, name, start);
      }
    } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
      number();
    } else if (isQuote(c)) {
      string(start, "");
    } else {
      operator();
    }
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c > 127 && c != '\u00a0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static boolean isPrefix(String name) {
    return name.length() < 3
        && (name.equals("f")
            || name.equals("F")
            || name.equals("r")
            || name.equals("R")
            || name.equals("b")
            || name.equals("u")
            || name.equals("rb")
            || name.equals("rf")
            || name.equals("fr"));
  }

  private void number() {
    int start = at;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean exponent = (c == 'e' || c == 'E') && !text.startsWith("0x", start);
      if (exponent && (peek(1) == '-' || peek(1) == '+')) {
        at++;
      } else if (!isDigit(c) && !isLetter(c) && c != '.') {
        break;
      }
      at++;
    }
    add(Kind.NUMBER, text.substring(start, at).replace("_", ""), start);
  }

  private void string(int start, String prefix) {
    boolean raw = prefix.indexOf('r') >= 0 || prefix.indexOf('R') >= 0;
    boolean format = prefix.indexOf('f') >= 0 || prefix.indexOf('F') >= 0;
    int firstLine = line;
    int column = start - lineStart + 1;
    char quote = text.charAt(at);
    String end = "" + quote;
    if (peek(1) == quote && peek(2) == quote) {
      end = "" + quote + quote + quote;
    }
    at += end.length();
    StringBuilder content = new StringBuilder();
    while (!text.startsWith(end, at)) {
      if (at >= text.length() || end.length() == 1 && text.charAt(at) == '\n') {
        throw new ScriptException(firstLine, column, "this text has no closing quote; add " + end);
      }
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        char next = text.charAt(at++);
        if (raw) {
          content.append(c).append(next);
        } else if (next == 'n') {
          content.append('\n');
        } else if (next == 't') {
          content.append('\t');
        } else if (next != '\n') {
          content.append(next);
        }
        c = next;
      } else {
        content.append(c);
      }
      if (c == '\n') {
        line++;
        lineStart = at;
      }
    }
    at += end.length();
    Kind kind = format ? Kind.FORMAT : Kind.STRING;
    tokens.add(new Token(kind, content.toString(), firstLine, column));
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (text.startsWith(operator, at)) {
        char c = operator.charAt(0);
        if (operator.length() == 1) {
          brackets += c == '(' || c == '[' || c == '{' ? 1 : 0;
          brackets -= (c == ')' || c == ']' || c == '}') && brackets > 0 ? 1 : 0;
        }
        add(Kind.OPERATOR, operator, at);
        at += operator.length();
        return;
      }
    }
    throw problem(at, "“" + text.charAt(at) + "” has no meaning here; remove it");
  }

  private void add(Kind kind, String content, int start) {
    tokens.add(new Token(kind, content, line, start - lineStart + 1));
  }

  private ScriptException problem(int start, String sentence) {
    return new ScriptException(line, start - lineStart + 1, sentence);
  }
}
