@NullMarked
package convscope.diagnose;

import org.jspecify.annotations.NullMarked;
