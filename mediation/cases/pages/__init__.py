"""The pages about cases: desk, list, case, step, files, notices. A view is a dozen lines; what it shows is beside it."""
