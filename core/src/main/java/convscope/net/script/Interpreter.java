package convscope.net.script;

import convscope.net.script.Tree.Expr;
import convscope.net.script.Tree.Place;
import convscope.net.script.Tree.Stmt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does what a text says, within limits on steps and depth. */
public final class Interpreter {
  private static final int MOST_STEPS = 3_000_000;
  private static final int DEEPEST = 80; // calls inside each other
  private static final int LONGEST = 200_000; // items of a list, letters of a text

  private enum Flow {
    ON,
    BREAK,
    CONTINUE,
    RETURN
  }

  /** A call that runs. */
  private static final class Frame {
    final @Nullable ClassValue owner;
    final Object self;
    Object result = None.NONE;
    final List<Object> yielded = new ArrayList<>();

    Frame(@Nullable ClassValue owner, Object self) {
      this.owner = owner;
      this.self = self;
    }
  }

  private final Library library;
  private final Scope globals = new Scope(null, false);
  private final List<Frame> frames = new ArrayList<>();
  private final Map<String, Object> builtins = Builtins.names();
  private int steps;
  private int evaluating;
  private int line;

  /** An interpreter that knows a library. */
  public Interpreter(Library library) {
    this.library = library;
    frames.add(new Frame(null, None.NONE));
  }

  /**
   * Runs a text. Its classes, functions and imports must succeed; of the other statements outside
   * them those that fail are passed over, since a network is often pasted with what trains it.
   *
   * @return the first failure that was passed over, or null
   * @throws ScriptException if the text cannot be read
   */
  public @Nullable ScriptException run(String text) {
    ScriptException first = null;
    for (Stmt statement : Parser.read(text)) {
      try {
        execute(statement, globals);
        if (statement instanceof Tree.Run run) {
          last = result;
          lastPlace = run.place();
        }
      } catch (ScriptException e) {
        if (statement instanceof Tree.ClassOf || statement instanceof Tree.Define) {
          throw e;
        }
        first = first == null ? e : first;
        frames.subList(1, frames.size()).clear();
        evaluating = 0;
        forget(statement);
      }
    }
    return first;
  }

  /**
   * The value of a text that is one expression.
   *
   * @throws ScriptException if it is more or less than that
   */
  public Object value(String text) {
    List<Stmt> all = Parser.read(text);
    if (all.size() == 1 && all.get(0) instanceof Tree.Run run) {
      return evaluate(run.value(), globals);
    }
    throw new ScriptException(1, 1, "“" + text + "” is no single value; give one");
  }

  /** The value of the last expression that stands alone, or None. */
  public Object last() {
    return last;
  }

  private Object last = None.NONE;
  private Object result = None.NONE;
  private Place lastPlace = new Place(1, 1);

  private void forget(Stmt statement) {
    if (statement instanceof Tree.Assign assign) {
      for (Expr target : assign.targets()) {
        if (target instanceof Tree.Name name) {
          globals.names.remove(name.id());
        }
      }
    }
  }

  /** The names outside classes and functions. */
  public Map<String, Object> globals() {
    return globals.names;
  }

  /** The same names in the order in which they were last given. */
  public List<String> order() {
    return globals.order;
  }

  /** One of Python's own functions. */
  public Object builtin(String name) {
    return builtins.getOrDefault(name, None.NONE);
  }

  /** The result of an operator. */
  public Object operate(String sign, Object a, Object b) {
    return binary(sign, a, b);
  }

  /** What the text may import. */
  public Library library() {
    return library;
  }

  /** Says which line runs. */
  public void at(int now) {
    line = now;
  }

  /** The line of the text whose call or operator runs. */
  public int line() {
    return line;
  }

  /** What stands for something that is not known. */
  Object unknown(String name) {
    return library.unknown(name);
  }

  // ---- calls

  Object enter(
      Function function,
      Object self,
      List<Stmt> body,
      @Nullable Expr expression,
      boolean generator,
      Scope scope) {
    if (frames.size() > DEEPEST) {
      throw new IllegalArgumentException(
          function.name
              + "(): more than "
              + DEEPEST
              + " calls inside each other; call less deeply");
    }
    Frame frame = new Frame(function.owner, self);
    frames.add(frame);
    if (expression != null) {
      frame.result = evaluate(expression, scope);
    } else {
      execute(body, scope);
    }
    frames.remove(frames.size() - 1);
    return generator ? Items.list(frame.yielded) : frame.result;
  }

  /** {@code super()}: the object with the class in whose function this runs. */
  Object zuper(Args args) {
    Frame frame = frames.get(frames.size() - 1);
    ClassValue owner = frame.owner;
    Object self = frame.self;
    if (args.positional().size() == 2 && args.positional().get(0) instanceof ClassValue given) {
      owner = given;
      self = args.positional().get(1);
    }
    if (owner == null || !(self instanceof Instance instance)) {
      throw new IllegalArgumentException("super() stands outside a method; use it inside one");
    }
    return new Super(instance, owner);
  }

  private record Super(Instance instance, ClassValue owner) implements Attributes {
    @Override
    public Object attribute(Interpreter interpreter, String name) {
      Object found = instance.type.findAfter(owner, name);
      if (found == None.MISSING && name.equals("__init__")) {
        return (Callable) (in, args) -> None.NONE;
      }
      return instance.bound(interpreter, found);
    }

    @Override
    public String describe() {
      return "super of " + owner.name;
    }
  }

  // ---- statements

  private Flow execute(List<Stmt> body, Scope scope) {
    for (Stmt statement : body) {
      Flow flow = execute(statement, scope);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow execute(Stmt statement, Scope scope) {
    step(statement.place());
    try {
      return done(statement, scope);
    } catch (ScriptException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw placed(statement.place(), e);
    }
  }

  private Flow done(Stmt statement, Scope scope) {
    if (statement instanceof Tree.Assign assign) {
      Object value = evaluate(assign.value(), scope);
      for (Expr target : assign.targets()) {
        assign(target, value, scope);
      }
    } else if (statement instanceof Tree.Run run) {
      result = evaluate(run.value(), scope);
    } else if (statement instanceof Tree.Return back) {
      frame().result = back.value() == null ? None.NONE : evaluate(back.value(), scope);
      return Flow.RETURN;
    } else if (statement instanceof Tree.If branch) {
      return execute(
          truth(evaluate(branch.test(), scope)) ? branch.then() : branch.otherwise(), scope);
    } else if (statement instanceof Tree.For loop) {
      return loop(loop, scope);
    } else if (statement instanceof Tree.Augment augment) {
      augment(augment, scope);
    } else if (statement instanceof Tree.Define define) {
      define(define, scope);
    } else if (statement instanceof Tree.ClassOf made) {
      scope.set(made.name(), classOf(made, scope));
    } else if (statement instanceof Tree.Word word) {
      return switch (word.word()) {
        case "break" -> Flow.BREAK;
        case "continue" -> Flow.CONTINUE;
        default -> Flow.ON;
      };
    } else if (statement instanceof Tree.While loop) {
      while (truth(evaluate(loop.test(), scope))) {
        step(loop.place());
        Flow flow = execute(loop.body(), scope);
        if (flow == Flow.BREAK) {
          break;
        }
        if (flow == Flow.RETURN) {
          return flow;
        }
      }
    } else if (statement instanceof Tree.Block block) {
      return execute(block.body(), scope);
    } else if (statement instanceof Tree.Import imported) {
      imported(imported, scope);
    } else if (statement instanceof Tree.Yield yielded) {
      Object value = evaluate(yielded.value(), scope);
      if (yielded.all()) {
        frame().yielded.addAll(items(value).all);
      } else {
        frame().yielded.add(value);
      }
    } else if (statement instanceof Tree.Raise raise) {
      Object value = raise.value() == null ? "" : evaluate(raise.value(), scope);
      throw new IllegalArgumentException(
          "the code raises an error here" + said(value instanceof Items i ? i : Items.list()));
    } else if (statement instanceof Tree.Assert check) {
      if (!truth(evaluate(check.test(), scope))) {
        Object message = check.message() == null ? "" : evaluate(check.message(), scope);
        throw new IllegalArgumentException(
            "this assertion does not hold" + said(Items.list(List.of(message))));
      }
    } else if (statement instanceof Tree.Outer outer) {
      outer.names().forEach(scope::outside);
    }
    return Flow.ON;
  }

  private static String said(Items words) {
    for (Object word : words.all) {
      if (word instanceof String text && !text.isEmpty()) {
        return ": " + text;
      }
    }
    return "; look at what it asks for";
  }

  private Frame frame() {
    return frames.get(frames.size() - 1);
  }

  private Flow loop(Tree.For loop, Scope scope) {
    // the list may grow or be replaced while the loop runs
    Items items = items(evaluate(loop.loop().items(), scope));
    for (int i = 0; i < items.size(); i++) {
      step(loop.place());
      assign(loop.loop().target(), items.get(i), scope);
      Flow flow = execute(loop.body(), scope);
      if (flow == Flow.BREAK) {
        return Flow.ON;
      }
      if (flow == Flow.RETURN) {
        return flow;
      }
    }
    return execute(loop.otherwise(), scope);
  }

  private void augment(Tree.Augment augment, Scope scope) {
    Object old = evaluate(augment.target(), scope);
    Object value = evaluate(augment.value(), scope);
    if (old instanceof Items list && !list.tuple && augment.sign().equals("+")) {
      list.all.addAll(items(value).all);
      return;
    }
    line = augment.place().line();
    assign(augment.target(), binary(augment.sign(), old, value), scope);
  }

  private void define(Tree.Define define, Scope scope) {
    Function function =
        new Function(
            define.name(),
            define.parameters(),
            define.body(),
            null,
            define.generator(),
            scope,
            this);
    Object made = function;
    for (Expr decorator : define.decorators()) {
      String name = decorator instanceof Tree.Name plain ? plain.id() : "";
      made =
          switch (name) {
            case "staticmethod" -> new Function.Bindable(function, false);
            case "classmethod" -> new Function.Bindable(function, true);
            case "property", "cached_property" -> new Function.Property(function);
            default -> made; // such as torch.no_grad()
          };
    }
    scope.set(define.name(), made);
  }

  private ClassValue classOf(Tree.ClassOf made, Scope scope) {
    List<ClassValue> bases = new ArrayList<>();
    for (Tree.Argument base : made.bases()) {
      if (base.keyword() == null && base.stars() == 0) {
        Object value = evaluate(base.value(), scope);
        bases.add(value instanceof ClassValue known ? known : library.base());
      }
    }
    if (bases.isEmpty()) {
      bases.add(ClassValue.OBJECT);
    }
    ClassValue type = new ClassValue(made.name(), bases);
    Scope inner = new Scope(scope, true);
    execute(made.body(), inner);
    type.attributes.putAll(inner.names);
    for (Object value : inner.names.values()) {
      own(value, type);
    }
    return type;
  }

  private static void own(Object value, ClassValue type) {
    if (value instanceof Function function) {
      function.owner = type;
    } else if (value instanceof Function.Bindable bindable) {
      own(bindable.function(), type);
    } else if (value instanceof Function.Property property) {
      own(property.getter(), type);
    }
  }

  private void imported(Tree.Import imported, Scope scope) {
    Object module = library.module(imported.module());
    if (imported.item().equals("*")) {
      return; // names that are not found are looked for in the library anyway
    }
    Object value = module;
    if (!imported.item().isEmpty()) {
      value =
          module instanceof Attributes known
              ? known.attribute(this, imported.item())
              : None.MISSING;
      if (value == None.MISSING) {
        value = library.module(imported.module() + "." + imported.item());
      }
    }
    if (value == None.MISSING && scope.find(imported.name()) != null) {
      return; // pasted together with what it would import
    }
    scope.set(imported.name(), value == None.MISSING ? unknown(imported.name()) : value);
  }

  private void assign(Expr target, Object value, Scope scope) {
    if (target instanceof Tree.Name name) {
      scope.set(name.id(), value);
    } else if (target instanceof Tree.Attribute attribute) {
      Object object = evaluate(attribute.object(), scope);
      if (object instanceof Instance instance) {
        instance.attributes.put(attribute.name(), value);
      } else if (object instanceof ClassValue type) {
        type.attributes.put(attribute.name(), value);
      } else if (object instanceof Attributes) {
        return; // such as weight.requires_grad = False
      } else {
        throw new IllegalArgumentException(
            Bound.text(object) + " has no attributes to set; set them on an object");
      }
    } else if (target instanceof Tree.Items items) {
      unpack(items, value, scope);
    } else if (target instanceof Tree.Subscript subscript) {
      Object object = evaluate(subscript.object(), scope);
      Object index = evaluate(subscript.index(), scope);
      if (object instanceof Items list && index instanceof Long at) {
        list.all.set(index(at, list.size()), value);
      } else if (object instanceof Dict dict) {
        dict.all().put(index, value);
      } else if (object instanceof Instance instance) {
        instance.method(this, "__setitem__", Args.of(index, value));
      } else if (!(object instanceof Operand)) { // a tensor keeps its shape
        throw new IllegalArgumentException(
            Bound.text(object) + " has no places to set; set those of a list or dictionary");
      }
    } else {
      throw new IllegalArgumentException("a value cannot be put here; put it into a name");
    }
  }

  private void unpack(Tree.Items targets, Object value, Scope scope) {
    Items items = items(value);
    int star = -1;
    for (int i = 0; i < targets.items().size(); i++) {
      star = targets.items().get(i) instanceof Tree.Starred ? i : star;
    }
    int wanted = targets.items().size();
    if (star < 0 ? items.size() != wanted : items.size() < wanted - 1) {
      throw new IllegalArgumentException(
          wanted + " names for " + items.size() + " values; give as many names as values");
    }
    int more = items.size() - wanted;
    for (int i = 0; i < wanted; i++) {
      if (targets.items().get(i) instanceof Tree.Starred starred) {
        List<Object> rest = new ArrayList<>(items.all.subList(i, i + more + 1));
        assign(starred.value(), Items.list(rest), scope);
      } else {
        boolean behind = star >= 0 && i > star;
        assign(targets.items().get(i), items.get(behind ? i + more : i), scope);
      }
    }
  }

  // ---- expressions

  private void step(Place place) {
    if (++steps > MOST_STEPS) {
      throw new ScriptException(
          place.line(),
          place.column(),
          "more than " + MOST_STEPS + " steps; make the loops shorter");
    }
  }

  private static ScriptException placed(Place place, IllegalArgumentException e) {
    return new ScriptException(place.line(), place.column(), String.valueOf(e.getMessage()));
  }

  Object evaluate(Expr expression, Scope scope) {
    step(expression.place());
    if (++evaluating > 900) {
      throw new ScriptException(
          expression.place().line(), expression.place().column(), "too deep; nest less deeply");
    }
    try {
      Object value = value(expression, scope);
      evaluating--;
      return value;
    } catch (ScriptException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw placed(expression.place(), e);
    }
  }

  private Object value(Expr expression, Scope scope) {
    if (expression instanceof Tree.Name name) {
      return named(name.id(), scope);
    }
    if (expression instanceof Tree.Constant constant) {
      return constant.value();
    }
    if (expression instanceof Tree.Attribute attribute) {
      return attribute(evaluate(attribute.object(), scope), attribute.name());
    }
    if (expression instanceof Tree.Call call) {
      return call(call, scope);
    }
    if (expression instanceof Tree.Binary binary) {
      Object left = evaluate(binary.left(), scope);
      Object right = evaluate(binary.right(), scope);
      line = binary.place().line();
      return binary(binary.sign(), left, right);
    }
    if (expression instanceof Tree.Items items) {
      List<Object> all = new ArrayList<>();
      for (Expr item : items.items()) {
        if (item instanceof Tree.Starred starred) {
          all.addAll(items(evaluate(starred.value(), scope)).all);
        } else {
          all.add(evaluate(item, scope));
        }
      }
      return items.bracket() == '(' ? Items.tuple(all) : Items.list(all);
    }
    if (expression instanceof Tree.Subscript subscript) {
      Object object = evaluate(subscript.object(), scope);
      return at(object, evaluate(subscript.index(), scope));
    }
    if (expression instanceof Tree.SliceOf slice) {
      return new Slice(
          part(slice.start(), scope), part(slice.stop(), scope), part(slice.step(), scope));
    }
    if (expression instanceof Tree.Unary unary) {
      return unary(unary.sign(), evaluate(unary.operand(), scope));
    }
    if (expression instanceof Tree.Comparison comparison) {
      return compared(comparison, scope);
    }
    if (expression instanceof Tree.Logic logic) {
      Object left = evaluate(logic.left(), scope);
      return truth(left) == logic.and() ? evaluate(logic.right(), scope) : left;
    }
    if (expression instanceof Tree.Conditional conditional) {
      return truth(evaluate(conditional.test(), scope))
          ? evaluate(conditional.then(), scope)
          : evaluate(conditional.otherwise(), scope);
    }
    if (expression instanceof Tree.Comprehension comprehension) {
      return comprehended(comprehension, scope);
    }
    if (expression instanceof Tree.Pairs pairs) {
      return pairs(pairs, scope);
    }
    if (expression instanceof Tree.Format format) {
      StringBuilder text = new StringBuilder();
      for (Expr part : format.parts()) {
        text.append(Builtins.string(evaluate(part, scope)));
      }
      return checked(text.toString());
    }
    if (expression instanceof Tree.Lambda lambda) {
      return new Function(
          "lambda", lambda.parameters(), List.of(), lambda.body(), false, scope, this);
    }
    if (expression instanceof Tree.Walrus walrus) {
      Object value = evaluate(walrus.value(), scope);
      scope.set(walrus.name(), value);
      return value;
    }
    throw new IllegalArgumentException("this stands where a value should be; give a value");
  }

  private Object part(@Nullable Expr expression, Scope scope) {
    return expression == null ? None.NONE : evaluate(expression, scope);
  }

  private Object named(String name, Scope scope) {
    Object value = scope.find(name);
    if (value == null) {
      value = builtins.get(name);
    }
    if (value == null) {
      value = library.name(name);
    }
    if (value == None.MISSING) {
      throw new IllegalArgumentException(
          "“"
              + name
              + "” is not defined; define it before this line, or paste where it comes from");
    }
    return value;
  }

  /** An attribute of anything. */
  Object attribute(Object object, String name) {
    Object value =
        object instanceof Attributes thing
            ? thing.attribute(this, name)
            : Builtins.attribute(object, name);
    if (value == None.MISSING) {
      throw new IllegalArgumentException(
          (object instanceof Attributes thing ? thing.describe() : Bound.text(object))
              + " has no “"
              + name
              + "”; look how it is spelled, or define it");
    }
    return value;
  }

  private Object call(Tree.Call call, Scope scope) {
    Object function = evaluate(call.function(), scope);
    List<Object> positional = new ArrayList<>();
    Map<String, Object> named = new LinkedHashMap<>();
    for (Tree.Argument argument : call.arguments()) {
      Object value = evaluate(argument.value(), scope);
      if (argument.stars() == 1) {
        positional.addAll(items(value).all);
      } else if (argument.stars() == 2) {
        if (value instanceof Dict dict) {
          for (Map.Entry<Object, Object> entry : dict.all().entrySet()) {
            named.put(Builtins.string(entry.getKey()), entry.getValue());
          }
        }
      } else if (argument.keyword() != null) {
        named.put(argument.keyword(), value);
      } else {
        positional.add(value);
      }
    }
    if (positional.size() > LONGEST) {
      throw new IllegalArgumentException("too many arguments; give fewer");
    }
    line = call.place().line();
    return call(function, new Args(positional, named));
  }

  /** Calls anything that can be called. */
  public Object call(Object function, Args args) {
    if (function instanceof Callable callable) {
      return callable.call(this, args);
    }
    throw new IllegalArgumentException(
        Bound.text(function) + " cannot be called; call a function or a layer");
  }

  private Object comprehended(Tree.Comprehension made, Scope scope) {
    Scope inner = new Scope(scope, false);
    if (scope.ofClass) {
      inner.names.putAll(scope.names);
    }
    List<Object> all = new ArrayList<>();
    Dict dict = new Dict();
    Runnable add =
        () -> {
          Object element = evaluate(made.element(), inner);
          if (made.value() != null) {
            dict.all().put(element, evaluate(made.value(), inner));
          } else {
            all.add(element);
          }
        };
    nest(made.loops(), 0, inner, add);
    return made.value() != null ? dict : Items.list(all);
  }

  private void nest(List<Tree.Loop> loops, int level, Scope scope, Runnable add) {
    if (level == loops.size()) {
      add.run();
      return;
    }
    Tree.Loop loop = loops.get(level);
    for (Object item : items(evaluate(loop.items(), scope)).all) {
      assign(loop.target(), item, scope);
      boolean wanted = true;
      for (Expr test : loop.tests()) {
        wanted = wanted && truth(evaluate(test, scope));
      }
      if (wanted) {
        nest(loops, level + 1, scope, add);
      }
    }
  }

  private Dict pairs(Tree.Pairs pairs, Scope scope) {
    Dict dict = new Dict();
    for (int i = 0; i < pairs.values().size(); i++) {
      Expr key = pairs.keys().get(i);
      Object value = evaluate(pairs.values().get(i), scope);
      if (key != null) {
        dict.all().put(evaluate(key, scope), value);
      } else if (value instanceof Dict more) {
        dict.all().putAll(more.all());
      }
    }
    return dict;
  }

  // ---- operators

  private Object compared(Tree.Comparison comparison, Scope scope) {
    Object left = evaluate(comparison.operands().get(0), scope);
    for (int i = 0; i < comparison.signs().size(); i++) {
      Object right = evaluate(comparison.operands().get(i + 1), scope);
      Object holds = compare(comparison.signs().get(i), left, right);
      if (!(holds instanceof Boolean) || comparison.signs().size() == 1) {
        return holds; // of tensors: a tensor
      }
      if (!truth(holds)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Object compare(String sign, Object a, Object b) {
    switch (sign) {
      case "is" -> {
        return a == b || a instanceof Long && a.equals(b) || a instanceof Boolean && a.equals(b);
      }
      case "is not" -> {
        return !truth(compare("is", a, b));
      }
      case "in" -> {
        return contains(b, a);
      }
      case "not in" -> {
        return !contains(b, a);
      }
      default -> {}
    }
    Object own = operated(sign, a, b);
    if (own != None.MISSING) {
      return own;
    }
    if (number(a) && number(b)) {
      double p = real(a);
      double q = real(b);
      return switch (sign) {
        case "==" -> p == q;
        case "!=" -> p != q;
        case "<" -> p < q;
        case ">" -> p > q;
        case "<=" -> p <= q;
        default -> p >= q;
      };
    }
    switch (sign) {
      case "==" -> {
        return a.equals(b);
      }
      case "!=" -> {
        return !a.equals(b);
      }
      default -> {}
    }
    int order = order(a, b);
    return switch (sign) {
      case "<" -> order < 0;
      case ">" -> order > 0;
      case "<=" -> order <= 0;
      default -> order >= 0;
    };
  }

  /** Less than, equal or more than 0, as the first comes before, with or after the second. */
  static int order(Object a, Object b) {
    if (number(a) && number(b)) {
      return Double.compare(real(a), real(b));
    }
    if (a instanceof String x && b instanceof String y) {
      return x.compareTo(y);
    }
    if (a instanceof Items x && b instanceof Items y) {
      for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
        int order = order(x.get(i), y.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(x.size(), y.size());
    }
    throw new IllegalArgumentException(
        Bound.text(a) + " and " + Bound.text(b) + " have no order; compare numbers");
  }

  private boolean contains(Object container, Object value) {
    if (container instanceof String text) {
      return value instanceof String part && text.contains(part);
    }
    if (container instanceof Dict dict) {
      return dict.all().containsKey(value);
    }
    for (Object item : items(container).all) {
      if (truth(compare("==", item, value))) {
        return true;
      }
    }
    return false;
  }

  private Object unary(String sign, Object value) {
    if (sign.equals("not")) {
      return !truth(value);
    }
    if (value instanceof Operand operand) {
      return sign.equals("-") ? operand.binary(this, "*", -1L, false) : value;
    }
    if (value instanceof Long number) {
      return sign.equals("-") ? -number : sign.equals("~") ? ~number : number;
    }
    if (value instanceof Double number) {
      return sign.equals("-") ? 0.0 - number : number;
    }
    throw new IllegalArgumentException(
        "“" + sign + "” before " + Bound.text(value) + "; give a number");
  }

  private Object operated(String sign, Object a, Object b) {
    if (a instanceof Operand operand) {
      return operand.binary(this, sign, b, false);
    }
    if (b instanceof Operand operand) {
      return operand.binary(this, sign, a, true);
    }
    if (a instanceof Instance instance && METHODS.containsKey(sign)) {
      Object method = instance.attribute(this, METHODS.getOrDefault(sign, ""));
      return method instanceof Callable callable ? callable.call(this, Args.of(b)) : None.MISSING;
    }
    return None.MISSING;
  }

  private static final Map<String, String> METHODS =
      Map.of(
          "+",
          "__add__",
          "-",
          "__sub__",
          "*",
          "__mul__",
          "/",
          "__truediv__",
          "==",
          "__eq__",
          "@",
          "__matmul__");

  /** The result of an operator on two values. */
  Object binary(String sign, Object a, Object b) {
    Object own = operated(sign, a, b);
    if (own != None.MISSING) {
      return own;
    }
    if (number(a) && number(b)) {
      boolean whole = !(a instanceof Double) && !(b instanceof Double);
      Object value = whole ? whole(sign, (long) real(a), (long) real(b)) : null;
      value = value == null ? real(sign, real(a), real(b)) : value;
      if (value != null) {
        return value;
      }
    } else if (sign.equals("+") && a instanceof String x && b instanceof String y) {
      return checked(x + y);
    } else if (sign.equals("+") && a instanceof Items x && b instanceof Items y) {
      List<Object> joined = new ArrayList<>(x.all);
      joined.addAll(y.all);
      return sized(joined, x.tuple);
    } else if (sign.equals("*") && a instanceof Items x && b instanceof Long times) {
      return repeated(x, times);
    } else if (sign.equals("*") && b instanceof Items x && a instanceof Long times) {
      return repeated(x, times);
    } else if (sign.equals("*") && a instanceof String x && b instanceof Long times) {
      return times <= 1000 ? checked(x.repeat((int) Math.max(0, times))) : x;
    } else if (sign.equals("%") && a instanceof String text) {
      return checked(Builtins.filled(text, b));
    }
    throw new IllegalArgumentException(
        Bound.text(a) + " " + sign + " " + Bound.text(b) + " has no value; use numbers");
  }

  private static @Nullable Object whole(String sign, long x, long y) {
    double size = Math.abs((double) x) * Math.abs((double) y);
    return switch (sign) {
      case "+" -> x + y;
      case "-" -> x - y;
      case "*" -> size < 9e18 ? (Object) (x * y) : null;
      case "//" -> y == 0 ? null : (Object) Math.floorDiv(x, y);
      case "%" -> y == 0 ? null : (Object) Math.floorMod(x, y);
      case "**" -> y < 0 || Math.abs((double) x) > 1 && y > 62 ? null : power(x, y);
      case "<<" -> y < 0 || y > 62 ? null : (Object) (x << y);
      case ">>" -> y < 0 || y > 62 ? null : (Object) (x >> y);
      case "&" -> x & y;
      case "|" -> x | y;
      case "^" -> x ^ y;
      default -> null;
    };
  }

  private static @Nullable Object power(long x, long y) {
    long value = 1;
    for (long i = 0; i < Math.min(y, 64); i++) {
      if (Math.abs((double) value * x) > 9e18) {
        return null;
      }
      value *= x;
    }
    return value;
  }

  private static @Nullable Object real(String sign, double p, double q) {
    return switch (sign) {
      case "+" -> (Object) (p + q);
      case "-" -> p - q;
      case "*" -> p * q;
      case "/" -> q == 0 ? null : (Object) (p / q);
      case "//" -> q == 0 ? null : (Object) Math.floor(p / q);
      case "%" -> q == 0 ? null : (Object) (p - q * Math.floor(p / q));
      case "**" -> Math.pow(p, q);
      default -> null;
    };
  }

  private static Items repeated(Items items, long times) {
    List<Object> all = new ArrayList<>();
    for (long i = 0; i < times && all.size() <= LONGEST && !items.all.isEmpty(); i++) {
      all.addAll(items.all);
    }
    return sized(all, items.tuple);
  }

  private static Items sized(List<Object> all, boolean tuple) {
    if (all.size() > LONGEST) {
      throw new IllegalArgumentException("more than " + LONGEST + " items; make the list shorter");
    }
    return tuple ? Items.tuple(all) : Items.list(all);
  }

  private static String checked(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("a text of more than " + LONGEST + " letters; shorten it");
    }
    return text;
  }

  static boolean number(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static double real(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof Boolean flag && flag ? 1 : 0;
  }

  /** What Python takes a value for in a test. */
  public static boolean truth(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof Items items) {
      return items.size() > 0;
    }
    if (value instanceof Dict dict) {
      return !dict.all().isEmpty();
    }
    if (value instanceof Operand) {
      throw new IllegalArgumentException(
          "a test on a tensor's numbers, which only a run has; test its shape or a setting");
    }
    return value != None.NONE;
  }

  /** The items that a loop goes through. */
  public Items items(Object value) {
    if (value instanceof Items items) {
      return items;
    }
    if (value instanceof Dict dict) {
      return Items.list(new ArrayList<>(dict.all().keySet()));
    }
    if (value instanceof String text) {
      List<Object> letters = new ArrayList<>();
      for (int i = 0; i < text.length(); i++) {
        letters.add(text.substring(i, i + 1));
      }
      return Items.list(letters);
    }
    if (value instanceof Operand operand) {
      return operand.items(this);
    }
    if (value instanceof Instance instance
        && instance.attribute(this, "__iter__") instanceof Callable callable) {
      return items(callable.call(this, Args.of()));
    }
    throw new IllegalArgumentException(
        Bound.text(value) + " has no items to go through; give a list or range");
  }

  /** What stands at an index. */
  Object at(Object object, Object index) {
    if (object instanceof Items items) {
      if (index instanceof Slice slice) {
        long[] which = slice.within(items.size());
        List<Object> part = new ArrayList<>();
        for (long i = 0; i < which[1]; i++) {
          part.add(items.get((int) (which[0] + i * which[2])));
        }
        return items.tuple ? Items.tuple(part) : Items.list(part);
      }
      if (number(index)) {
        return items.get(index((long) real(index), items.size()));
      }
    } else if (object instanceof Dict dict) {
      Object value = dict.all().get(index);
      if (value == null) {
        throw new IllegalArgumentException(
            "the dictionary has no key " + Bound.text(index) + "; use one that it has");
      }
      return value;
    } else if (object instanceof Operand operand) {
      return operand.at(this, index);
    } else if (object instanceof Instance instance) {
      return instance.method(this, "__getitem__", Args.of(index));
    } else if (object instanceof String text && index instanceof Long at) {
      int i = index(at, text.length());
      return text.substring(i, i + 1);
    } else if (object instanceof String text && index instanceof Slice slice) {
      long[] which = slice.within(text.length());
      StringBuilder part = new StringBuilder();
      for (long i = 0; i < which[1]; i++) {
        part.append(text.charAt((int) (which[0] + i * which[2])));
      }
      return part.toString();
    } else if (object instanceof ClassValue || object instanceof Attributes) {
      return object; // List[int] and the like
    }
    throw new IllegalArgumentException(
        Bound.text(object) + " has no index " + Bound.text(index) + "; use a list and a number");
  }

  private static int index(long index, int size) {
    long from = index < 0 ? index + size : index;
    if (from < 0 || from >= size) {
      throw new IllegalArgumentException(
          "index " + index + " of a list of " + size + "; use 0 to " + (size - 1));
    }
    return (int) from;
  }

  static final Set<String> EXCEPTIONS =
      Set.of(
          "Exception",
          "ValueError",
          "TypeError",
          "RuntimeError",
          "NotImplementedError",
          "KeyError",
          "IndexError",
          "AssertionError",
          "AttributeError",
          "ImportError");
}
