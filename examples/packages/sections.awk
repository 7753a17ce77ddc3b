# SPDX-License-Identifier: Apache-2.0
# In: name, section, KiB, and the name once more where it is installed (else "-"). Out, for each section: how many
# packages, how many of them are installed, MB of all.
{ ++packages[$2]; kib[$2] += $3; if ($4 != "-") ++installed[$2] }
END { for (name in packages) printf "%-18s %6d %6d %8.0f\n", name, packages[name], installed[name], kib[name] * 1.024e-3 }
