/** The training lab: a form of settings, a run with its history, and the views of it. */
@NullMarked
package convscope.lab;

import org.jspecify.annotations.NullMarked;
