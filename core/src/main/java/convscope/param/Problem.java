package convscope.param;

/**
 * What is wrong with what the reader gave, in one sentence with the values and the remedy.
 *
 * @param param the parameter's name, or the empty string if several together are wrong
 * @param text the sentence
 */
public record Problem(String param, String text) {}
