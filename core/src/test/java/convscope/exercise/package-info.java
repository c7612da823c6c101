@NullMarked
package convscope.exercise;

import org.jspecify.annotations.NullMarked;
