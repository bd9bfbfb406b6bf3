# Picks from the arrays that save.py leaves, on the command line. examples/choose-from-numpy.ts gets the same in a program.
cd "$(dirname "$0")"
foreloss select --probabilities "sklearn.npz#probabilities" --ids "sklearn.npz#ids" --strategy margin --count 3
foreloss select --probabilities "sklearn.npz#probabilities" --embeddings "sklearn.npz#features" --ids "sklearn.npz#ids" --strategy badge --count 3
foreloss select --members torch-members.npy --ids "sklearn.npz#ids" --strategy bald --count 3
foreloss select --embeddings torch-pool.npy --labelled torch-labelled.npy --ids "sklearn.npz#ids" --strategy core-set --count 3
