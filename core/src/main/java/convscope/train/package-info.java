/** Training: what turns gradients into better parameters. */
package convscope.train;
