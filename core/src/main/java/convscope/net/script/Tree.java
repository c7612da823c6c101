package convscope.net.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a text says, as expressions and statements, each with the place where it begins. */
final class Tree {
  private Tree() {}

  /** A place in the text, counted from 1. */
  record Place(int line, int column) {}

  /** What has a value. */
  interface Expr {
    Place place();
  }

  record Constant(Place place, Object value) implements Expr {}

  record Name(Place place, String id) implements Expr {}

  /** A tuple, a list or a set, by its opening bracket. */
  record Items(Place place, char bracket, List<Expr> items) implements Expr {}

  /** A dictionary; a value without a key is one that is spread out. */
  record Pairs(Place place, List<@Nullable Expr> keys, List<Expr> values) implements Expr {}

  record Unary(Place place, String sign, Expr operand) implements Expr {}

  record Binary(Place place, String sign, Expr left, Expr right) implements Expr {}

  record Comparison(Place place, List<String> signs, List<Expr> operands) implements Expr {}

  record Logic(Place place, boolean and, Expr left, Expr right) implements Expr {}

  record Conditional(Place place, Expr test, Expr then, Expr otherwise) implements Expr {}

  record Call(Place place, Expr function, List<Argument> arguments) implements Expr {}

  /** An argument; {@code stars} of those before it. */
  record Argument(@Nullable String keyword, int stars, Expr value) {}

  record Attribute(Place place, Expr object, String name) implements Expr {}

  record Subscript(Place place, Expr object, Expr index) implements Expr {}

  record SliceOf(Place place, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step)
      implements Expr {}

  record Starred(Place place, Expr value) implements Expr {}

  record Walrus(Place place, String name, Expr value) implements Expr {}

  record Lambda(Place place, List<Parameter> parameters, Expr body) implements Expr {}

  /** A list, generator, set or dictionary made by loops; {@code value} for dictionaries alone. */
  record Comprehension(
      Place place, char bracket, Expr element, @Nullable Expr value, List<Loop> loops)
      implements Expr {}

  record Loop(Expr target, Expr items, List<Expr> tests) {}

  /** An f-string: texts and values in turn. */
  record Format(Place place, List<Expr> parts) implements Expr {}

  record Parameter(String name, int stars, boolean keywordOnly, @Nullable Expr otherwise) {}

  /** What is done. */
  interface Stmt {
    Place place();
  }

  record Run(Place place, Expr value) implements Stmt {}

  /** Targets in order, then the value that all of them get. */
  record Assign(Place place, List<Expr> targets, Expr value) implements Stmt {}

  record Augment(Place place, Expr target, String sign, Expr value) implements Stmt {}

  record If(Place place, Expr test, List<Stmt> then, List<Stmt> otherwise) implements Stmt {}

  record For(Place place, Loop loop, List<Stmt> body, List<Stmt> otherwise) implements Stmt {}

  record While(Place place, Expr test, List<Stmt> body) implements Stmt {}

  record Define(
      Place place,
      String name,
      List<Parameter> parameters,
      List<Stmt> body,
      List<Expr> decorators,
      boolean generator)
      implements Stmt {}

  record ClassOf(Place place, String name, List<Argument> bases, List<Stmt> body) implements Stmt {}

  record Return(Place place, @Nullable Expr value) implements Stmt {}

  record Yield(Place place, Expr value, boolean all) implements Stmt {}

  /** {@code pass}, {@code break} or {@code continue}. */
  record Word(Place place, String word) implements Stmt {}

  record Raise(Place place, @Nullable Expr value) implements Stmt {}

  record Assert(Place place, Expr test, @Nullable Expr message) implements Stmt {}

  /** {@code import module as name}, or {@code from module import item as name}. */
  record Import(Place place, String module, String item, String name) implements Stmt {}

  /** {@code with} and {@code try}: statements in a row. */
  record Block(Place place, List<Stmt> body) implements Stmt {}

  record Outer(Place place, List<String> names) implements Stmt {}
}
