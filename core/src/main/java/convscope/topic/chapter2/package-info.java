/** Chapter 2: output-shape arithmetic. */
package convscope.topic.chapter2;
