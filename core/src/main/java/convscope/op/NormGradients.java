package convscope.op;

import convscope.tensor.Tensor;

/**
 * The gradients of a loss with respect to the operands of a normalization, each of its operand's
 * shape.
 */
public record NormGradients(Tensor dx, Tensor dScale, Tensor dBias) {}
