package convscope.topic.chapter2;

import java.util.List;

/** Says in plain words what a {@link Search} found. */
final class SearchWords {
  private static final int MOST = 6; // values told one by one

  private SearchWords() {}

  /** All solutions, or that there is none and what comes nearest. */
  static String answer(Search search) {
    Unknown unknown = search.unknown();
    if (unknown == Unknown.PADDING && !search.drawn().convention().choosesPadding()) {
      return ownPadding(search);
    }
    if (search.solutions().isEmpty()) {
      return "No "
          + name(unknown)
          + " in range gives "
          + search.wanted().toString()
          + "; "
          + nearest(search);
    }
    if (unknown.perAxis()) {
      return (unknown == Unknown.IN ? "Input height " : "Kernel height ")
          + list(search.solving(true))
          + " and width "
          + list(search.solving(false))
          + " give "
          + search.wanted().toString();
    }
    StringBuilder out = new StringBuilder();
    int told = 0;
    for (Geometry solution : search.solutions()) {
      if (told < MOST) {
        out.append(told == 0 ? "" : told == search.solutions().size() - 1 ? " or " : ", ");
        out.append(value(unknown, solution));
      }
      told++;
    }
    if (told > MOST) {
      out.append(" and ").append(told - MOST).append(" more");
    }
    return out.append(told == 1 ? " gives " : " give ")
        .append(search.wanted().toString())
        .toString();
  }

  /** Where the convention itself chooses the padding. */
  private static String ownPadding(Search search) {
    Axis h = search.drawn().height();
    Axis w = search.drawn().width();
    String pads =
        "It pads height "
            + h.before()
            + " + "
            + h.after()
            + " and width "
            + w.before()
            + " + "
            + w.after()
            + " by itself";
    if (search.solutions().isEmpty()) {
      return pads + " and never gives " + search.wanted().toString() + "; " + nearest(search);
    }
    return pads + " and gives " + search.wanted().toString();
  }

  private static String nearest(Search search) {
    if (search.unknown().perAxis()) {
      StringBuilder out = new StringBuilder();
      for (int axis = 0; axis < 2; axis++) {
        boolean height = axis == 0;
        if (search.solving(height).isEmpty()) {
          out.append(out.isEmpty() ? "" : ", ")
              .append("the nearest output ")
              .append(height ? "heights are " : "widths are ")
              .append(list(search.around(height)).replace(" or ", " and "));
        }
      }
      return out.toString();
    }
    StringBuilder out = new StringBuilder("nearest: ");
    int told = 0;
    for (Search.Candidate candidate : search.nearest()) {
      if (told < 3) {
        out.append(told == 0 ? "" : ", ").append(candidate.out().toString());
        if (search.drawn().convention().choosesPadding() || search.unknown() != Unknown.PADDING) {
          out.append(" (").append(value(search.unknown(), candidate.geometry())).append(')');
        }
      }
      told++;
    }
    return out.append(told > 3 ? " and more" : "").toString();
  }

  /** {@code P = 1}. */
  static String value(Unknown unknown, Geometry geometry) {
    return switch (unknown) {
      case IN -> "size = " + geometry.in().toString();
      case KERNEL -> "K = " + geometry.kernel().toString();
      case STRIDE -> "S = " + geometry.stride();
      case PADDING -> "P = " + geometry.padding();
      case DILATION -> "D = " + geometry.dilation();
      case PADDING_STRIDE ->
          geometry.convention().choosesPadding()
              ? "P = " + geometry.padding() + " with S = " + geometry.stride()
              : "S = " + geometry.stride();
      case OUT -> "";
    };
  }

  private static String name(Unknown unknown) {
    return switch (unknown) {
      case IN -> "input size";
      case KERNEL -> "kernel";
      case STRIDE -> "stride";
      case PADDING -> "padding";
      case DILATION -> "dilation";
      case PADDING_STRIDE -> "padding and stride";
      case OUT -> "";
    };
  }

  /** The paddings and strides that give the wanted size along one axis. */
  static String pairs(Search search, boolean height) {
    StringBuilder out = new StringBuilder();
    int count = 0;
    for (Search.Candidate candidate : search.candidates()) {
      int size = height ? candidate.out().height() : candidate.out().width();
      if (size == (height ? search.wanted().height() : search.wanted().width())) {
        count++;
        if (count <= MOST) {
          out.append(count == 1 ? "(P, S) = (" : " or (").append(candidate.geometry().padding());
          out.append(", ").append(candidate.stride()).append(')');
        }
      }
    }
    return count == 0 ? "no P and S in range do" : out + (count > MOST ? ", …" : "");
  }

  static String list(List<Integer> values) {
    StringBuilder out = new StringBuilder();
    for (int n = 0; n < values.size(); n++) {
      if (n > 0) {
        out.append(n == values.size() - 1 ? " or " : ", ");
      }
      out.append((int) values.get(n));
    }
    return out.toString();
  }
}
