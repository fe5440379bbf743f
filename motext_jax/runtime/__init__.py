"""Devices, processes and what is kept between starts: the only room that knows the machine."""
