COPY orders TO PROGRAM 'cat > /dev/null';
