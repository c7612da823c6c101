/**
 * Training: {@link convscope.train.Run} steps through a data set, {@link convscope.train.Learner}
 * gives it losses and gradients on the engine, an {@link convscope.train.Optimizer} turns these
 * into better parameters, {@link convscope.train.Metrics} say how good they are.
 */
package convscope.train;
