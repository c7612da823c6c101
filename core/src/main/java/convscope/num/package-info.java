/**
 * Numbers as text, and text as numbers, the same to the last character on the JVM and in
 * WebAssembly. The platform's own formatting ({@code String.format}, {@code Double.toString},
 * {@code Math.round}) differs between the two.
 */
package convscope.num;
