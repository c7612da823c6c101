package convscope.workbench;

import java.util.List;

/** Networks to begin with: some that everybody knows, and some that do not run. */
final class Examples {
  /**
   * An example.
   *
   * @param group under which it stands in the list
   * @param name as a link holds it
   * @param input sizes, batch first
   */
  record Example(String group, String name, String title, String input, String text) {}

  private static final String HEAD =
      """
      import torch
      from torch import nn
      from torch.nn import functional as F

      """;

  private static final String READER =
      """
      # The course's digit reader.
      nn.Sequential(
          nn.Conv2d(1, 8, 5),
          nn.ReLU(),
          nn.MaxPool2d(2),
          nn.Conv2d(8, 16, 5),
          nn.ReLU(),
          nn.MaxPool2d(2),
          nn.Flatten(),
          nn.Linear(256, 10),
      )
      """;

  private static final String LENET =
      """
      # LeCun et al. 1998, with every map of C3 connected.
      nn.Sequential(
          nn.Conv2d(1, 6, 5),
          nn.Tanh(),
          nn.AvgPool2d(2),
          nn.Conv2d(6, 16, 5),
          nn.Tanh(),
          nn.AvgPool2d(2),
          nn.Flatten(),
          nn.Linear(16 * 5 * 5, 120),
          nn.Tanh(),
          nn.Linear(120, 84),
          nn.Tanh(),
          nn.Linear(84, 10),
      )
      """;

  private static final String ALEXNET =
      """
      # Krizhevsky 2014, one tower, as torchvision has it.
      nn.Sequential(
          nn.Conv2d(3, 64, 11, stride=4, padding=2),
          nn.ReLU(),
          nn.MaxPool2d(3, stride=2),
          nn.Conv2d(64, 192, 5, padding=2),
          nn.ReLU(),
          nn.MaxPool2d(3, stride=2),
          nn.Conv2d(192, 384, 3, padding=1),
          nn.ReLU(),
          nn.Conv2d(384, 256, 3, padding=1),
          nn.ReLU(),
          nn.Conv2d(256, 256, 3, padding=1),
          nn.ReLU(),
          nn.MaxPool2d(3, stride=2),
          nn.AdaptiveAvgPool2d(6),
          nn.Flatten(),
          nn.Dropout(0.5),
          nn.Linear(256 * 6 * 6, 4096),
          nn.ReLU(),
          nn.Dropout(0.5),
          nn.Linear(4096, 4096),
          nn.ReLU(),
          nn.Linear(4096, 1000),
      )
      """;

  private static final String VGG =
      HEAD
          + """
          # Simonyan & Zisserman 2014, configuration D.
          def features():
              layers, channels = [], 3
              for width in [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]:
                  if width == "M":
                      layers.append(nn.MaxPool2d(2))
                  else:
                      layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
                      channels = width
              return layers

          vgg16 = nn.Sequential(
              *features(),
              nn.Flatten(),
              nn.Linear(512 * 7 * 7, 4096),
              nn.ReLU(),
              nn.Dropout(),
              nn.Linear(4096, 4096),
              nn.ReLU(),
              nn.Dropout(),
              nn.Linear(4096, 1000),
          )
          """;

  private static String resNet(String block, String layers, String body, String expansion) {
    return HEAD
        + "# He et al. 2016, as torchvision has it.\n"
        + "def conv(i, o, k, stride=1):\n"
        + "    return nn.Sequential(nn.Conv2d(i, o, k, stride, k // 2, bias=False), nn.BatchNorm2d(o))\n\n"
        + "class "
        + block
        + "(nn.Module):\n"
        + "    def __init__(self, i, width, stride):\n"
        + "        super().__init__()\n"
        + body
        + "        out = width * "
        + expansion
        + "\n        self.shortcut = conv(i, out, 1, stride) if stride > 1 or i != out else nn.Identity()\n\n"
        + "    def forward(self, x):\n"
        + "        return F.relu(self.body(x) + self.shortcut(x))\n\n"
        + "class ResNet(nn.Module):\n"
        + "    def __init__(self, blocks):\n"
        + "        super().__init__()\n"
        + "        self.stem = nn.Sequential(conv(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))\n"
        + "        channels, stages = 64, []\n"
        + "        for stage, count in enumerate(blocks):\n"
        + "            width = 64 * 2 ** stage\n"
        + "            for n in range(count):\n"
        + "                stages.append("
        + block
        + "(channels, width, 2 if stage > 0 and n == 0 else 1))\n"
        + "                channels = width * "
        + expansion
        + "\n        self.stages = nn.Sequential(*stages)\n"
        + "        self.pool = nn.AdaptiveAvgPool2d(1)\n"
        + "        self.fc = nn.Linear(channels, 1000)\n\n"
        + "    def forward(self, x):\n"
        + "        x = self.pool(self.stages(self.stem(x)))\n"
        + "        return self.fc(torch.flatten(x, 1))\n\n"
        + "model = ResNet("
        + layers
        + ")\n";
  }

  private static String basic(String layers) {
    return resNet(
        "Basic",
        layers,
        "        self.body = nn.Sequential(conv(i, width, 3, stride), nn.ReLU(), conv(width, width, 3))\n",
        "1");
  }

  private static final String BOTTLENECK =
      """
              self.body = nn.Sequential(
                  conv(i, width, 1), nn.ReLU(),
                  conv(width, width, 3, stride), nn.ReLU(),
                  conv(width, width * 4, 1),
              )
      """;

  private static final String MOBILENET =
      HEAD
          + """
          # Sandler et al. 2018: expand, depthwise, project.
          def conv(i, o, k=1, stride=1, groups=1):
              return nn.Sequential(
                  nn.Conv2d(i, o, k, stride, k // 2, groups=groups, bias=False),
                  nn.BatchNorm2d(o),
                  nn.ReLU6(),
              )

          class Inverted(nn.Module):
              def __init__(self, i, o, stride, expand):
                  super().__init__()
                  hidden = i * expand
                  self.residual = stride == 1 and i == o
                  layers = [conv(i, hidden)] if expand > 1 else []
                  layers += [conv(hidden, hidden, 3, stride, hidden), nn.Conv2d(hidden, o, 1, bias=False), nn.BatchNorm2d(o)]
                  self.body = nn.Sequential(*layers)

              def forward(self, x):
                  return x + self.body(x) if self.residual else self.body(x)

          class MobileNetV2(nn.Module):
              def __init__(self):
                  super().__init__()
                  blocks, i = [conv(3, 32, 3, 2)], 32
                  for expand, o, count, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                                   (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
                      for n in range(count):
                          blocks.append(Inverted(i, o, stride if n == 0 else 1, expand))
                          i = o
                  self.features = nn.Sequential(*blocks, conv(320, 1280))
                  self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

              def forward(self, x):
                  return self.classifier(self.features(x).mean([2, 3]))

          model = MobileNetV2()
          """;

  private static final String UNET =
      HEAD
          + """
          # Ronneberger et al. 2015, padded so that sizes stay, with a quarter of the paper's channels.
          def double(i, o):
              return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU(), nn.Conv2d(o, o, 3, padding=1), nn.ReLU())

          class UNet(nn.Module):
              def __init__(self, widths=(16, 32, 64, 128)):
                  super().__init__()
                  self.down = nn.ModuleList(double(i, o) for i, o in zip((3, *widths), widths))
                  self.pool = nn.MaxPool2d(2)
                  self.middle = double(128, 256)
                  self.up = nn.ModuleList(nn.ConvTranspose2d(2 * w, w, 2, stride=2) for w in reversed(widths))
                  self.merge = nn.ModuleList(double(2 * w, w) for w in reversed(widths))
                  self.out = nn.Conv2d(16, 2, 1)

              def forward(self, x):
                  skips = []
                  for down in self.down:
                      x = down(x)
                      skips.append(x)
                      x = self.pool(x)
                  x = self.middle(x)
                  for up, merge, skip in zip(self.up, self.merge, reversed(skips)):
                      x = merge(torch.cat([up(x), skip], 1))
                  return self.out(x)

          model = UNet()
          """;

  private static final String VIT =
      HEAD
          + """
          # Dosovitskiy et al. 2021, the base model with patches of 16 × 16.
          class Block(nn.Module):
              def __init__(self, width, heads):
                  super().__init__()
                  self.heads = heads
                  self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
                  self.qkv = nn.Linear(width, 3 * width)
                  self.project = nn.Linear(width, width)
                  self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

              def attention(self, x):
                  n, tokens, width = x.shape
                  q, k, v = self.qkv(x).reshape(n, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
                  weights = (q @ k.transpose(-2, -1) / (width // self.heads) ** 0.5).softmax(-1)
                  return self.project((weights @ v).transpose(1, 2).reshape(n, tokens, width))

              def forward(self, x):
                  x = x + self.attention(self.norm1(x))
                  return x + self.mlp(self.norm2(x))

          class ViT(nn.Module):
              def __init__(self, size=224, patch=16, width=768, depth=12, heads=12):
                  super().__init__()
                  self.patches = nn.Conv2d(3, width, patch, stride=patch)
                  self.token = nn.Parameter(torch.zeros(1, 1, width))
                  self.places = nn.Parameter(torch.zeros(1, (size // patch) ** 2 + 1, width))
                  self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
                  self.norm = nn.LayerNorm(width)
                  self.head = nn.Linear(width, 1000)

              def forward(self, x):
                  x = self.patches(x).flatten(2).transpose(1, 2)
                  x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.places
                  return self.head(self.norm(self.blocks(x))[:, 0])

          model = ViT()
          """;

  private static final String BROKEN =
      HEAD
          + """
          # Written for images of 32 × 32, and given 28 × 28.
          class Net(nn.Module):
              def __init__(self):
                  super().__init__()
                  self.conv1 = nn.Conv2d(1, 6, 5)
                  self.conv2 = nn.Conv2d(6, 16, 5)
                  self.fc1 = nn.Linear(16 * 5 * 5, 120)
                  self.fc2 = nn.Linear(120, 10)

              def forward(self, x):
                  x = F.max_pool2d(F.relu(self.conv1(x)), 2)
                  x = F.max_pool2d(F.relu(self.conv2(x)), 2)
                  x = torch.flatten(x, 1)
                  return self.fc2(F.relu(self.fc1(x)))
          """;

  private static final String BROKEN_RESIDUAL =
      HEAD
          + """
          # The shortcut keeps its size, the body halves it.
          class Block(nn.Module):
              def __init__(self, channels):
                  super().__init__()
                  self.conv1 = nn.Conv2d(channels, channels, 3, stride=2, padding=1)
                  self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

              def forward(self, x):
                  return F.relu(x + self.conv2(F.relu(self.conv1(x))))

          model = nn.Sequential(
              nn.Conv2d(3, 16, 3, padding=1),
              Block(16),
              nn.AdaptiveAvgPool2d(1),
              nn.Flatten(),
              nn.Linear(16, 10),
          )
          """;

  private static final String IMAGE = "1×3×224×224";
  private static final String KNOWN = "Known networks";
  private static final String FAILING = "That do not run";

  static final List<Example> ALL =
      List.of(
          new Example("", "digit-reader", "The digit reader", "1×1×28×28", READER),
          new Example(FAILING, "broken", "The wrong image size", "1×1×28×28", BROKEN),
          new Example(
              FAILING,
              "broken-residual",
              "A shortcut that does not fit",
              "1×3×32×32",
              BROKEN_RESIDUAL),
          new Example(FAILING, "broken-unet", "A U-Net on 100 × 100", "1×3×100×100", UNET),
          new Example(KNOWN, "lenet-5", "LeNet-5", "1×1×32×32", LENET),
          new Example(KNOWN, "alexnet", "AlexNet", IMAGE, ALEXNET),
          new Example(KNOWN, "vgg-16", "VGG-16", IMAGE, VGG),
          new Example(KNOWN, "resnet-18", "ResNet-18", IMAGE, basic("[2, 2, 2, 2]")),
          new Example(KNOWN, "resnet-34", "ResNet-34", IMAGE, basic("[3, 4, 6, 3]")),
          new Example(
              KNOWN,
              "resnet-50",
              "ResNet-50",
              IMAGE,
              resNet("Bottleneck", "[3, 4, 6, 3]", BOTTLENECK, "4")),
          new Example(KNOWN, "mobilenet-v2", "MobileNetV2", IMAGE, MOBILENET),
          new Example(KNOWN, "u-net", "U-Net", "1×3×128×128", UNET),
          new Example(KNOWN, "vit-b-16", "ViT-B/16", IMAGE, VIT));

  private Examples() {}

  static Example named(String name) {
    for (Example example : ALL) {
      if (example.name().equals(name)) {
        return example;
      }
    }
    throw new IllegalArgumentException(
        "example: there is no “" + name + "”; choose one of the list");
  }
}
