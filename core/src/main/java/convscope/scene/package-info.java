/**
 * What a figure looks like, without colours or a browser: a {@link convscope.scene.Scene} of a few
 * kinds of marks, laid out in rows and columns, and written as SVG. Colours and fonts are CSS's.
 */
package convscope.scene;
