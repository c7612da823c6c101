/**
 * Assembles the site from its parts, and serves it on this machine. Never part of the WebAssembly
 * module.
 */
@NullMarked
package convscope.site;

import org.jspecify.annotations.NullMarked;
