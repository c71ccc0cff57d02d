print("sluice-render")
