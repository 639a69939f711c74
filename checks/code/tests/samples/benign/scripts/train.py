import torch
from model import Net

net = Net()
net.load_state_dict(torch.load("weights.pt", weights_only=True))
net.eval()
with torch.no_grad():
    print(net(torch.zeros(1, 3)))
