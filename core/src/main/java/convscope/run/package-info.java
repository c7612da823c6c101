/**
 * One operator case as JSON in, its results as JSON out, for tests and for anyone who wants to
 * compare. {@link convscope.run.OpRunner} sees every other package of the core; none sees it.
 */
package convscope.run;
