package convscope.net.torch;

import convscope.net.script.Args;
import convscope.net.script.Callable;
import convscope.net.script.Interpreter;
import convscope.net.script.Items;
import convscope.net.script.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As much of Python's math, functools and itertools as networks use. */
final class Numbers {
  private Numbers() {}

  private interface Real {
    double of(double x);
  }

  private static Callable real(Real function) {
    return (in, args) -> function.of(number(args, 0));
  }

  private static Callable whole(Real function) {
    return (in, args) -> (long) function.of(number(args, 0));
  }

  private static double number(Args args, int index) {
    if (index < args.positional().size() && args.positional().get(index) instanceof Number x) {
      return x.doubleValue();
    }
    throw new IllegalArgumentException("a number is missing; give it");
  }

  /** What the module math holds, or numpy. */
  static Object named(String name) {
    return switch (name) {
      case "pi" -> Math.PI;
      case "e" -> Math.E;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "sqrt" -> real(Math::sqrt);
      case "exp" -> real(Math::exp);
      case "log2" -> real(x -> Math.log(x) / Math.log(2) + 0);
      case "log" ->
          (Callable)
              (in, args) ->
                  args.positional().size() > 1
                      ? Math.log(number(args, 0)) / Math.log(number(args, 1))
                      : Math.log(number(args, 0));
      case "floor" -> whole(Math::floor);
      case "ceil" -> whole(Math::ceil);
      case "trunc" -> whole(x -> x < 0 ? Math.ceil(x) : Math.floor(x));
      case "pow" -> (Callable) (in, args) -> Math.pow(number(args, 0), number(args, 1));
      case "prod" -> (Callable) Numbers::product;
      case "gcd" ->
          (Callable)
              (in, args) -> {
                long a = (long) number(args, 0);
                long b = (long) number(args, 1);
                while (b != 0) {
                  long rest = a % b;
                  a = b;
                  b = rest;
                }
                return Math.abs(a);
              };
      default -> None.MISSING;
    };
  }

  private static Object product(Interpreter in, Args args) {
    Object total = 1L;
    for (Object each : in.items(args.positional().get(0)).all) {
      total = in.operate("*", total, each);
    }
    return total;
  }

  /** What functools, copy, operator and itertools hold. */
  static Object helper(String name) {
    return switch (name) {
      case "partial" -> (Callable) (in, args) -> partial(args);
      case "reduce" ->
          (Callable)
              (in, args) -> {
                List<Object> all = in.items(args.positional().get(1)).all;
                int from = args.positional().size() > 2 ? 0 : 1;
                Object value = from == 0 ? args.positional().get(2) : all.get(0);
                for (int i = from; i < all.size(); i++) {
                  value = in.call(args.positional().get(0), Args.of(value, all.get(i)));
                }
                return value;
              };
      case "mul" ->
          (Callable)
              (in, args) -> in.operate("*", args.positional().get(0), args.positional().get(1));
      case "add" ->
          (Callable)
              (in, args) -> in.operate("+", args.positional().get(0), args.positional().get(1));
      case "chain" ->
          (Callable)
              (in, args) -> {
                List<Object> all = new ArrayList<>();
                for (Object each : args.positional()) {
                  all.addAll(in.items(each).all);
                }
                return Items.list(all);
              };
      case "deepcopy", "copy" -> (Callable) (in, args) -> Copies.deep(args.positional().get(0));
      case "wraps", "lru_cache", "cached_property" -> (Callable) (in, args) -> None.NONE;
      default -> None.MISSING;
    };
  }

  private static Callable partial(Args given) {
    Object function = given.positional().get(0);
    List<Object> first = given.positional().subList(1, given.positional().size());
    return (in, args) -> {
      List<Object> all = new ArrayList<>(first);
      all.addAll(args.positional());
      Map<String, Object> named = new LinkedHashMap<>(given.named());
      named.putAll(args.named());
      return in.call(function, new Args(all, named));
    };
  }
}
