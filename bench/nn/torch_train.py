"""PyTorch as the peer in training: on every line of standard input, one epoch; its seconds go to standard output."""

import sys
import time

import torch

windows, batch, timesteps, features = 784, 32, 10, 4


class Autoencoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.LSTM(features, 50, batch_first=True)
        self.b = torch.nn.LSTM(50, 20, batch_first=True)
        self.c = torch.nn.LSTM(20, 20, batch_first=True)
        self.d = torch.nn.LSTM(20, 50, batch_first=True)
        self.out = torch.nn.Linear(50, features)

    def forward(self, x):
        x, _ = self.a(x)
        x, _ = self.b(x)
        x = x[:, -1:].expand(-1, timesteps, -1)
        x, _ = self.c(x)
        x, _ = self.d(x)
        return self.out(x)


torch.set_num_threads(1)
torch.manual_seed(0)
model = Autoencoder()
optimizer = torch.optim.Adam(model.parameters())
x = torch.randn(windows, timesteps, features)
print(torch.__version__, flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    order = torch.randperm(windows)
    for i in range(0, windows, batch):
        part = x[order[i : i + batch]]
        optimizer.zero_grad()
        loss = ((model(part) - part) ** 2).mean()
        loss.backward()
        optimizer.step()
    print(time.perf_counter() - start, flush=True)
