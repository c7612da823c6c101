/**
 * Reverse-mode differentiation over the operators: a {@link convscope.autodiff.Tape} records what a
 * forward pass does with its {@link convscope.autodiff.Var}s and plays it backward; {@link
 * convscope.autodiff.GradCheck} holds the result against differences.
 */
package convscope.autodiff;
