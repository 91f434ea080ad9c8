"""What a month costs: operations counted at the wire by a played school, times Google's prices."""
