package convscope.figure;

/**
 * What the service answers.
 *
 * @param json the fields by name
 * @param bytes the pixels of the images that the host paints, one after the other; mostly empty
 */
public record Reply(String json, byte[] bytes) {}
