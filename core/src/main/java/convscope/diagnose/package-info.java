/**
 * Checks of a network that may be broken: what its activations are ({@link
 * convscope.diagnose.ActivationStatistics}), whether each layer's gradient is right ({@link
 * convscope.diagnose.LayerGradients}), whether it learns one batch by heart ({@link
 * convscope.diagnose.Training}), and how it answers on images that it has not seen ({@link
 * convscope.diagnose.Evaluation}). Before them all comes {@link convscope.net.ShapeTrace}.
 */
package convscope.diagnose;
