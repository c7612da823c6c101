/** The built site in real browsers. */
@NullMarked
package convscope.e2e;

import org.jspecify.annotations.NullMarked;
