package convscope.train;

import convscope.net.Layer;
import convscope.net.Model;
import convscope.net.PRelu;
import convscope.num.Num;
import convscope.tensor.Rng;
import convscope.tensor.Shape;

/**
 * What the weights of a model begin with. With fan-in n (inputs of a unit) and fan-out m:
 *
 * <pre>
 *   PyTorch   w, b uniform in ±1/√n                     (its default for Conv2d and Linear)
 *   He        w normal, variance 2/n, b = 0             (He et al. 2015)
 *   Xavier    w uniform in ±√(6/(n + m)), b = 0         (Glorot &amp; Bengio 2010)
 *   constant  w = c, b = 0
 *   too large w normal, variance 25·2/n, b = 0
 * </pre>
 *
 * Normalization begins with scale 1 and bias 0, PReLU with the slope that it declares.
 */
public final class Initialization {
  private enum Kind {
    PYTORCH,
    HE,
    XAVIER,
    CONSTANT,
    TOO_LARGE
  }

  private static final double LARGE = 5; // times He's deviation

  public static final Initialization PYTORCH = new Initialization(Kind.PYTORCH, 0);
  public static final Initialization HE = new Initialization(Kind.HE, 0);
  public static final Initialization XAVIER = new Initialization(Kind.XAVIER, 0);
  public static final Initialization TOO_LARGE = new Initialization(Kind.TOO_LARGE, 0);

  /** All weights the same, so that units of a layer stay the same. */
  public static Initialization constant(double value) {
    return new Initialization(Kind.CONSTANT, value);
  }

  /** By its word: {@code pytorch}, {@code he}, {@code xavier}, {@code too-large} or a number. */
  public static Initialization parse(String text) {
    switch (text) {
      case "pytorch":
        return PYTORCH;
      case "he":
        return HE;
      case "xavier":
        return XAVIER;
      case "too-large":
        return TOO_LARGE;
      default:
        double value = Num.parse(text);
        if (Double.isNaN(value)) {
          throw new IllegalArgumentException(
              "Initialization: “"
                  + text
                  + "” is not known; use pytorch, he, xavier, too-large or a number");
        }
        return constant(value);
    }
  }

  private final Kind kind;
  private final double value;

  private Initialization(Kind kind, double value) {
    this.kind = kind;
    this.value = value;
  }

  /** Fills all parameters of a model; the same for a seed everywhere. */
  public void fill(Model model, long seed) {
    Rng rng = new Rng(seed);
    int fan = 1; // of the layer's last weight: PyTorch draws the bias by it too
    for (Model.Part part : model.trained()) {
      Layer layer = model.network().nodes().get(part.node()).layer();
      float[] all = model.parameters().data();
      boolean weight = part.shape().rank() > 1 && !layer.name().equals("LayerNorm");
      if (weight) {
        fan = part.shape().product(1, part.shape().rank());
      }
      boolean bias = part.name().endsWith(".bias");
      double bound = 1 / Math.sqrt(fan);
      boolean drawn = kind == Kind.PYTORCH && bias && follows(model, part);
      for (int i = part.start(); i < part.start() + part.shape().size(); i++) {
        if (weight) {
          all[i] = (float) weight(rng, part.shape(), fan, bound);
        } else if (drawn) {
          all[i] = (float) ((2 * rng.nextDouble() - 1) * bound);
        } else if (layer instanceof PRelu slopes) {
          all[i] = (float) slopes.start();
        } else {
          all[i] = bias ? 0 : 1;
        }
      }
    }
  }

  /** Whether a bias belongs to a weight that is drawn, not to a normalization. */
  private static boolean follows(Model model, Model.Part bias) {
    String path = bias.name().substring(0, bias.name().length() - "bias".length());
    for (Model.Part part : model.trained()) {
      if (part.name().equals(path + "weight")) {
        Layer layer = model.network().nodes().get(part.node()).layer();
        return part.shape().rank() > 1 && !layer.name().equals("LayerNorm");
      }
    }
    return false;
  }

  private double weight(Rng rng, Shape shape, int fanIn, double bound) {
    switch (kind) {
      case PYTORCH:
        return (2 * rng.nextDouble() - 1) * bound;
      case XAVIER:
        double fanOut = (double) shape.dim(0) * shape.product(2, shape.rank());
        return (2 * rng.nextDouble() - 1) * Math.sqrt(6 / (fanIn + fanOut));
      case CONSTANT:
        return value;
      default:
        double deviation = Math.sqrt(2.0 / fanIn);
        return rng.nextGaussian() * (kind == Kind.HE ? deviation : LARGE * deviation);
    }
  }
}
