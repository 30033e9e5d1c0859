-- expect: exit=44
os.exit(300)
