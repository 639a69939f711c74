import os

os.system("uname -a > /tmp/.host")
