print("contrast-lua")
