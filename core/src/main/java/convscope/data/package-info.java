/** Real images: the digits that ship inside the core, and pictures that the host hands over. */
package convscope.data;
