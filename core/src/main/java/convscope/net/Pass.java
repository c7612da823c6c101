package convscope.net;

import convscope.tensor.Rng;

/**
 * How a network runs.
 *
 * @param training whether batch normalization takes the batch's statistics and dropout drops
 * @param random where dropout takes its random numbers from
 */
public record Pass(boolean training, Rng random) {
  /** Running statistics, and nothing dropped. */
  public static final Pass EVALUATION = new Pass(false, new Rng(0));
}
