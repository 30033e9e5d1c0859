-- expect: exit=0 out~nil	nil	nil
print(package.loaded.io, package.loaded.os.execute, package.loaded.debug.getregistry)
