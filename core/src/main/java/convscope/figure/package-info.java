/**
 * Figures as a host page gets them: {@link convscope.figure.FigureService} answers its requests,
 * the same at build time on the JVM and live in the worker.
 */
package convscope.figure;
