/** What the browser's WebAssembly module exports. The only package that TeaVM starts from. */
@NullMarked
package convscope.web;

import org.jspecify.annotations.NullMarked;
