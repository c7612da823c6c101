package convscope.topic.chapter3;

import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.PairParam;
import convscope.param.Param;

/** The parameters that the chapter's layers have in common. */
final class LayerParams {
  private LayerParams() {}

  static IntParam kernels(int fallback, int most) {
    return number("out-channels", fallback, most, "Kernels", "C_out");
  }

  static IntParam channels(int fallback, int most) {
    return number("in-channels", fallback, most, "Channels in", "C_in");
  }

  static IntParam groups(int most) {
    return number("groups", 1, most, "Groups g", "g");
  }

  static IntParam batch(int fallback, int most) {
    return number("batch", fallback, most, "Batch N", "N");
  }

  private static IntParam number(String name, int fallback, int most, String label, String symbol) {
    return Param.integer(name, fallback).range(1, most).doubling().label(label).symbol(symbol);
  }

  static PairParam size() {
    return Param.pair("size", 224, 224).range(1, 256).doubling().label("Input size");
  }

  static ChoiceParam bias() {
    return Param.choice("bias", "on").option("on", "On").option("off", "Off").label("Bias");
  }

  /** The ways to count wrongly, which are to be added. */
  static ChoiceParam miscount(String shownAs) {
    return Param.mistake("The common mistakes, " + shownAs + ".").label("Miscount");
  }
}
