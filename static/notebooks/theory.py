# %% [markdown]
# # Convolutional networks in plain NumPy
#
# A companion to [Convscope](../index.html). Each section computes one idea of the course from its definition, in a few lines of
# NumPy, and asserts that the result is what Convscope's core computed when this notebook was made. The live figure stands beside
# it. Change a number, and see which assertion fails.

# %%
import numpy as np

SITE = ".."  # where Convscope is: a folder, or an address such as "https://example.org/convscope"


def figure(slug, query="", height=720):
    """The live figure of a topic, where the notebook can show a page."""
    try:
        from IPython.display import IFrame
    except ImportError:
        return f"{SITE}/embed/{slug}.html?{query}"
    return IFrame(f"{SITE}/embed/{slug}.html?{query}", width="100%", height=height)


# %% [markdown]
# ## 1 Convolution, index by index
#
# $y[i,j] = \sum_{u,v} w[u,v] \cdot x[iS + u - P,\; jS + v - P]$, with zeros beyond the edge.

# %%
{{&x}}
{{&w}}


def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, padding)
    K_h, K_w = w.shape
    H = (x.shape[0] - K_h) // stride + 1
    W = (x.shape[1] - K_w) // stride + 1
    y = np.zeros((H, W), dtype=np.float32)
    for i in range(H):
        for j in range(W):
            window = x[i * stride : i * stride + K_h, j * stride : j * stride + K_w]
            y[i, j] = (w * window).sum()
    return y


{{&y}}
assert np.allclose(conv2d(x, w, stride=2, padding=1), y)
figure("local-receptive-field")

# %% [markdown]
# ## 2 Output shapes
#
# $H_\text{out} = \lfloor (H + 2P - D(K - 1) - 1) / S \rfloor + 1$


# %%
def out(H, K, S, P, D):
    return (H + 2 * P - D * (K - 1) - 1) // S + 1


sizes = [  # H, K, S, P, D and the height that the core finds
{{&sizes}}
]
for H, K, S, P, D, height in sizes:
    assert out(H, K, S, P, D) == height
figure("output-height")

# %% [markdown]
# ## 3 Parameter counts
#
# $C_\text{out} \cdot (C_\text{in}/g \cdot K^2 + 1)$, whatever the size of the image.


# %%
def parameters(c_in, c_out, K, groups=1, bias=True):
    return c_out * (c_in // groups * K * K + bias)


layers = [  # C_in, C_out, K, groups, bias and the count of the tensors that the core makes
{{&layers}}
]
for c_in, c_out, K, groups, bias, count in layers:
    assert parameters(c_in, c_out, K, groups, bias) == count
figure("parameter-count")

# %% [markdown]
# ## 4 Pooling
#
# The largest of each window, or its mean, divided by all of its cells or by those that lie on the input.


# %%
def pool(x, K, S, P, reduce, fill):
    p = np.pad(x, P, constant_values=fill)
    H = (p.shape[0] - K) // S + 1
    W = (p.shape[1] - K) // S + 1
    cells = [[reduce(p[i * S : i * S + K, j * S : j * S + K]) for j in range(W)] for i in range(H)]
    return np.array(cells, dtype=np.float32)


{{&largest}}
{{&counted}}
{{&real}}
assert np.array_equal(pool(x, 3, 2, 1, np.max, -np.inf), largest)
assert np.allclose(pool(x, 3, 2, 1, lambda c: c.sum() / 9, 0), counted)
assert np.allclose(pool(x, 3, 2, 1, np.nanmean, np.nan), real)
figure("average-pooling")

# %% [markdown]
# ## 5 Receptive field
#
# $r_l = r_{l-1} + D_l (K_l - 1) \, j_{l-1}$ and $j_l = j_{l-1} S_l$, from $r_0 = j_0 = 1$.


# %%
def field(layers):
    r = j = 1
    for K, S in layers:
        r, j = r + (K - 1) * j, j * S
    return r, j


vgg16 = [{{&vgg}}]
reader = [{{&reader}}]
assert field(vgg16) == {{&vggField}}
assert field(reader) == {{&readerField}}
figure("stacked-layers", "stack=conv3,conv3,pool2,conv3,conv3")

# %% [markdown]
# ## 6 im2col
#
# Each window becomes a column, and the convolution one matrix product. `col2im` is the adjoint: it adds every column back where it
# was read.


# %%
def im2col(x, K, S=1, P=0):
    p = np.pad(x, P)
    H = (p.shape[0] - K) // S + 1
    W = (p.shape[1] - K) // S + 1
    windows = [p[i * S : i * S + K, j * S : j * S + K].ravel() for i in range(H) for j in range(W)]
    return np.array(windows).T


def col2im(cols, shape, K, S=1, P=0):
    p = np.zeros((shape[0] + 2 * P, shape[1] + 2 * P), dtype=np.float32)
    W = (p.shape[1] - K) // S + 1
    for n, column in enumerate(cols.T):
        i, j = n // W * S, n % W * S
        p[i : i + K, j : j + K] += column.reshape(K, K)
    return p[P : P + shape[0], P : P + shape[1]]


{{&cols}}
assert np.array_equal(im2col(x, 3, 2, 1), cols)
assert np.allclose(w.ravel() @ cols, y.ravel())
c = np.arange(cols.size, dtype=np.float32).reshape(cols.shape)
assert np.isclose((cols * c).sum(), (x * col2im(c, x.shape, 3, 2, 1)).sum())
figure("im2col")

# %% [markdown]
# ## 7 Gradients, and how to check them
#
# With $L = \tfrac12 \sum y^2$ the gradient at the output is $y$ itself. The gradient of a weight sums that output's gradient times
# the input cell that the weight met there; central differences of $L$ must agree.


# %%
def loss(x, w):
    return 0.5 * (conv2d(x.astype(np.float64), w.astype(np.float64), 2, 1).astype(np.float64) ** 2).sum()


g = y  # dL/dy
dw = np.zeros_like(w)
padded = np.pad(x, 1)
for u in range(3):
    for v in range(3):
        dw[u, v] = (g * padded[u : u + 2 * g.shape[0] : 2, v : v + 2 * g.shape[1] : 2]).sum()
{{&dw}}
assert np.allclose(dw, weight_gradient, rtol=1e-5)

dx = col2im(np.outer(w.ravel(), g.ravel()), x.shape, 3, 2, 1)
{{&dx}}
assert np.allclose(dx, input_gradient, rtol=1e-5)

step = 1e-2
for u in range(3):
    for v in range(3):
        e = np.zeros_like(w)
        e[u, v] = step
        slope = (loss(x, w + e) - loss(x, w - e)) / (2 * step)
        assert np.isclose(slope, dw[u, v], rtol=1e-2, atol=1e-2)
figure("gradient-check")

# %% [markdown]
# ## 8 A residual block
#
# $y = \mathrm{ReLU}(x + F(x))$ with $F$ = convolution, ReLU, convolution. If both kernels are zero, the block passes on what is
# not negative in its input.

# %%
{{&w2}}
relu = lambda t: np.maximum(t, 0)
block = relu(x + conv2d(relu(conv2d(x, w, 1, 1)), w2, 1, 1))
{{&block}}
assert np.allclose(block, residual_output, rtol=1e-5)
zero = np.zeros_like(w)
assert np.array_equal(relu(x + conv2d(relu(conv2d(x, zero, 1, 1)), zero, 1, 1)), relu(x))
figure("residual-block")

# %% [markdown]
# ## 9 Patch embedding
#
# A convolution whose stride is its kernel cuts the image into patches and multiplies each by the same matrix: the first layer of a
# vision transformer.

# %%
{{&image}}
{{&projection}}
P = 2
patches = image.reshape(3, P, 3, P).transpose(0, 2, 1, 3).reshape(9, P * P)
tokens = patches @ projection.reshape(4, P * P).T
{{&tokens}}
assert np.allclose(tokens, embedding, rtol=1e-5)
by_convolution = np.stack([conv2d(image, projection[d], stride=P).ravel() for d in range(4)], axis=1)
assert np.allclose(tokens, by_convolution, rtol=1e-5)
print("All sections agree with the core.")
