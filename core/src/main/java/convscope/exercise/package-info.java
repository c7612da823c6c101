/**
 * Practice: exercises that draw their numbers from a seed, the checker that finds the first wrong
 * step, and what hands work in and grades it.
 */
@NullMarked
package convscope.exercise;

import org.jspecify.annotations.NullMarked;
