import { MantineProvider } from '@mantine/core';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { sessionQuery } from '@/features/session/session-api';
import { ConnectionBanner } from './connection-banner';
import { createQueryClient } from './query-client';
import { createAppRouter } from './router';
import { StartingPage } from './starting-page';
import { cssVariablesResolver, theme } from './theme';

// The guard of the signed-in routes runs again, finds no session, and goes to sign in.
const queryClient = createQueryClient(() => void router.invalidate());
const router = createAppRouter(queryClient);

/** The routes' guards need to know who is signed in: until the first answer there is nothing to route. */
function Start() {
  const { isPending } = useQuery(sessionQuery);
  const [started, setStarted] = useState(false);
  if (!started && !isPending) setStarted(true);
  return started ? <RouterProvider router={router} /> : <StartingPage />;
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <Start />
        <ConnectionBanner />
      </QueryClientProvider>
    </MantineProvider>
  );
}
