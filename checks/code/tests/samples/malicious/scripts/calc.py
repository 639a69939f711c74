def calc(text):
    return eval(text)
