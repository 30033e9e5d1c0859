// What the program does before its libraries start.
#ifndef CONTRAST_LAUNCH_H
#define CONTRAST_LAUNCH_H

/// How often a waiting thread looks for work before it sleeps, unless the environment says otherwise.
#define CONTRAST_SPIN_COUNT "10000"

#endif
